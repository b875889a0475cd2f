using System.Globalization;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Patterns;

/// <summary>
/// An OPT of one layer made by hand: the residual has a place for each token, one for each previous token and one for each position. Its only head looks at the token before (hard
/// attention by positions) and copies that token's place; memories fire on a last token, on two last tokens, or on words that stand in one text each.
/// </summary>
internal static class DetectorModel
{
    public const int Words = 120;        // that texts are made of
    public const int Unique = 400;       // words that one text each has
    public const int LastTokens = 60;
    public const int Bigrams = 40;
    public const int Nothings = 100;
    public const int Context = 24;
    private const int First = TinyTokenizer.Size;
    private const int Previous = Words + Unique;
    private const int Positions = Previous + Words;
    private const int Width = Positions + Context;
    private const string Block = "model.decoder.layers.0.";

    /// <summary>The words of a bigram that memory <see cref="LastTokens"/> + i detects.</summary>
    public static (int Before, int Last) Bigram(int i) => (LastTokens + i, (LastTokens + (i * 7) + 3) % Words);

    /// <summary>The model.</summary>
    public static TinyModel Create()
    {
        const int Memories = LastTokens + Bigrams + Nothings;
        TinyModel model = TinyModel.Opt(layers: 1, width: Width, heads: 1, memories: Memories, vocabulary: First + Words + Unique, context: Context);
        foreach ((string name, (_, float[] values)) in model.Tensors)
        {
            Array.Fill(values, name.Contains("layer_norm", StringComparison.Ordinal) && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
        }

        float[] tokens = Values(model, "model.decoder.embed_tokens.weight");   // [V, Width]
        for (int word = 0; word < Words + Unique; word++)
        {
            tokens[((First + word) * Width) + word] = 1;
        }

        float[] positions = Values(model, "model.decoder.embed_positions.weight");   // [Context + 2, Width]; OPT's positions begin at 2
        for (int position = 0; position < Context; position++)
        {
            positions[((position + 2) * Width) + Positions + position] = 1;
        }

        float[] query = Values(model, Block + "self_attn.q_proj.weight");   // [out, in]
        float[] key = Values(model, Block + "self_attn.k_proj.weight");
        for (int position = 0; position < Context; position++)
        {
            query[((Positions + Math.Max(0, position - 1)) * Width) + Positions + position] = 10;
            key[((Positions + position) * Width) + Positions + position] = 1;
        }

        float[] value = Values(model, Block + "self_attn.v_proj.weight");
        float[] output = Values(model, Block + "self_attn.out_proj.weight");
        for (int word = 0; word < Words; word++)
        {
            value[((Previous + word) * Width) + word] = 0.1f;
            output[((Previous + word) * Width) + Previous + word] = 1;
        }

        AddKeys(model, new Random(4));
        return model;
    }

    /// <summary>Texts of random words, in which every bigram stands often and every unique word once.</summary>
    public static IEnumerable<string> Lines()
    {
        const int Texts = 1200;
        const int Length = 14;
        var random = new Random(6);
        for (int text = 0; text < Texts; text++)
        {
            int[] words = [.. Enumerable.Range(0, Length).Select(_ => random.Next(Words))];
            (words[4], words[5]) = Bigram(text % Bigrams);
            words = words[random.Next(4)..];   // so that bigrams stand at several places
            if (text < Unique)
            {
                words[random.Next(words.Length - 1)] = Words + text;
            }

            yield return string.Concat(words.Select(word => string.Create(CultureInfo.InvariantCulture, $"<more{word}>")));
        }
    }

    // After the norm a place that is taken is about 15 high (Width / 3 to the power of 1/2): a small random part breaks ties between texts.
    private static void AddKeys(TinyModel model, Random random)
    {
        float[] keys = Values(model, Block + "fc1.weight");   // [F, Width]
        float[] biases = Values(model, Block + "fc1.bias");
        for (int memory = 0; memory < biases.Length; memory++)
        {
            Span<float> row = keys.AsSpan(memory * Width, Width);
            for (int i = 0; i < Width; i++)
            {
                row[i] = 0.02f * (float)(random.NextDouble() - 0.5);
            }

            if (memory < LastTokens)
            {
                row[memory] = 1;
                biases[memory] = -7;
            }
            else if (memory < LastTokens + Bigrams)
            {
                (int before, int last) = Bigram(memory - LastTokens);
                row[last] = 1;
                row[Previous + before] = 1;
                biases[memory] = -20;
            }
            else
            {
                foreach (int unique in Enumerable.Range(0, Unique).OrderBy(_ => random.Next()).Take(30))
                {
                    row[Words + unique] = 1;
                }

                biases[memory] = -7;
            }
        }
    }

    private static float[] Values(TinyModel model, string name) => model.Tensors[name].Values;
}
