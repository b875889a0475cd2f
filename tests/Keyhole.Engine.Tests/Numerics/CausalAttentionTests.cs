using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class CausalAttentionTests
{
    // Panels are 32 keys wide, blocks 96 queries high.
    private static readonly int[] s_edges = [1, 2, 15, 16, 17, 31, 32, 33, 95, 96, 97, 200, 229];

    public static TheoryData<string> Kinds => [.. Scorings(4).Keys];

    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(4, 2, 33)]
    [InlineData(3, 1, 64)]
    public void Every_length_agrees_with_the_twin(int heads, int keyValueHeads, int headSize)
    {
        var scoring = new AttentionScoring(0.25f);
        using var attention = new CausalAttention(heads, keyValueHeads, headSize, scoring);
        foreach (int length in Enumerable.Range(1, 69).Append(211))
        {
            Compare(attention, heads, keyValueHeads, headSize, scoring, length, $"{length} tokens");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_scoring_agrees_with_the_twin(string kind)
    {
        foreach ((int heads, int keyValueHeads, int headSize) in new[] { (1, 1, 8), (6, 2, 10), (3, 3, 32) })
        {
            AttentionScoring scoring = Scorings(heads)[kind];
            using var attention = new CausalAttention(heads, keyValueHeads, headSize, scoring);
            foreach (int length in new[] { 1, 2, 5, 6, 7, 31, 32, 33, 63, 64, 65, 95, 96, 97, 128, 129, 193, 211 })
            {
                Compare(attention, heads, keyValueHeads, headSize, scoring, length, $"{kind}, {heads} heads, {length} tokens");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_texts_beginning_has_the_same_bits_alone(string kind)
    {
        const int Heads = 2;
        const int Size = 20;
        const int Columns = 3 * Heads * Size;
        AttentionScoring scoring = Scorings(Heads)[kind];
        using var attention = new CausalAttention(Heads, Heads, Size, scoring);
        float[] rows = Samples.Normal(230 * Columns, 5);
        float[] whole = Run(attention, rows, 230, Heads, Size);
        foreach (int length in s_edges)
        {
            using var other = new CausalAttention(Heads, Heads, Size, scoring);
            Close.SameBits(whole.AsSpan(0, length * Heads * Size), Run(other, rows[..(length * Columns)], length, Heads, Size), $"{kind}, {length} tokens");
        }
    }

    private static Dictionary<string, AttentionScoring> Scorings(int heads)
    {
        var plain = new AttentionScoring(0.3f);
        var alibi = new Alibi(Alibi.SlopesFor(heads));
        var scorings = new Dictionary<string, AttentionScoring>
        {
            ["plain"] = plain,
            ["cap"] = plain with { SoftCap = 0.7f },
            ["alibi"] = plain with { Alibi = alibi },
            ["alibi as Falcon's"] = plain with { Alibi = alibi with { RoundsToBFloat16 = true, Scale = 0.3f } },
            ["all three"] = plain with { Window = 40, SoftCap = 2, Alibi = alibi },
        };
        foreach (int window in new[] { 1, 2, 6, 31, 32, 33, 64, 96, 97, 150, 500 })
        {
            scorings[$"window of {window}"] = plain with { Window = window };
        }

        return scorings;
    }

    private static void Compare(CausalAttention attention, int heads, int keyValueHeads, int headSize, AttentionScoring scoring, int length, string what)
    {
        float[] rows = Samples.Normal(length * (heads + (2 * keyValueHeads)) * headSize, length + 1);
        double[] expected = Reference.CausalAttention.Run(rows, length, heads, keyValueHeads, headSize, scoring);
        Close.Within(expected, Run(attention, rows, length, heads, headSize), 0, 3e-6, what);
    }

    private static float[] Run(CausalAttention attention, float[] rows, int length, int heads, int headSize)
    {
        using var buffer = new AlignedBuffer(rows.Length);
        rows.CopyTo(buffer.Span(0, rows.Length));
        MatrixView view = buffer.Matrix(length, rows.Length / length);
        attention.Run(view);
        float[] result = new float[length * heads * headSize];
        for (int t = 0; t < length; t++)
        {
            view.Row(t)[..(heads * headSize)].CopyTo(result.AsSpan(t * heads * headSize));
        }

        return result;
    }
}
