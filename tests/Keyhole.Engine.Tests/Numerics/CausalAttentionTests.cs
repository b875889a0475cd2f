using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class CausalAttentionTests
{
    [Theory]
    [InlineData(1, 1, 8)]
    [InlineData(4, 2, 33)]
    [InlineData(3, 1, 64)]
    public void Every_length_agrees_with_the_twin(int heads, int keyValueHeads, int headSize)
    {
        using var attention = new CausalAttention(heads, keyValueHeads, headSize, new AttentionScoring(0.25f));
        foreach (int length in Enumerable.Range(1, 69).Append(211))
        {
            float[] rows = Samples.Normal(length * (heads + (2 * keyValueHeads)) * headSize, length + 1);
            double[] expected = Reference.CausalAttention.Run(rows, length, heads, keyValueHeads, headSize, 0.25f);
            Close.Within(expected, Run(attention, rows, length, heads, headSize), 0, 3e-6, $"{length} tokens");
        }
    }

    [Fact]
    public void A_texts_beginning_has_the_same_bits_alone()
    {
        const int Heads = 2;
        const int Size = 20;
        const int Columns = 3 * Heads * Size;
        using var attention = new CausalAttention(Heads, Heads, Size, new AttentionScoring(0.3f));
        float[] rows = Samples.Normal(230 * Columns, 5);
        float[] whole = Run(attention, rows, 230, Heads, Size);
        foreach (int length in new[] { 1, 2, 15, 16, 17, 31, 32, 33, 95, 96, 97, 200, 229 })
        {
            using var other = new CausalAttention(Heads, Heads, Size, new AttentionScoring(0.3f));
            Close.SameBits(whole.AsSpan(0, length * Heads * Size), Run(other, rows[..(length * Columns)], length, Heads, Size), $"{length} tokens");
        }
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
