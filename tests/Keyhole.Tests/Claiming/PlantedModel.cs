using Keyhole.TestSupport;

namespace Keyhole.Tests.Claiming;

/// <summary>
/// A ReLU model of one layer whose memories are made by hand, over the bytes of <see cref="TinyTokenizer"/>. The residual has three parts of 64 numbers: the token (a random sign each), the
/// position (one of them is 8), and what attention brings: the token before, as its one head looks one position back.
/// </summary>
internal static class PlantedModel
{
    public const int FiresOnA = 0;
    public const int FiresOnE = 1;
    public const int FiresOnTh = 2;
    public const int NeverFires = 3;
    public const int AlwaysFires = 4;
    public const int FiresOnXOrY = 5;
    public const int Memories = 40;

    private const int Part = 64;
    private const int Width = 3 * Part;
    private const string Block = "model.decoder.layers.0.";

    public static TinyModel Make()
    {
        TinyModel model = TinyModel.Opt(layers: 1, width: Width, heads: 1, memories: Memories, vocabulary: TinyTokenizer.Size, context: Part, affine: false);
        float[] tokens = Clear(model, "model.decoder.embed_tokens.weight");
        var random = new Random(5);
        for (int token = 0; token < TinyTokenizer.Size; token++)
        {
            for (int i = 0; i < Part; i++)
            {
                tokens[(token * Width) + i] = random.Next(2) == 0 ? 1 : -1;
            }
        }

        float[] positions = Clear(model, "model.decoder.embed_positions.weight");
        for (int position = 0; position < Part; position++)
        {
            positions[((position + 2) * Width) + Part + position] = 8;   // OPT's rows begin at 2
        }

        foreach (string map in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
        {
            _ = Clear(model, $"{Block}self_attn.{map}.weight");
            _ = Clear(model, $"{Block}self_attn.{map}.bias");
        }

        for (int i = 0; i < Part; i++)
        {
            if (i + 1 < Part)
            {
                Set(model, "self_attn.q_proj", i, Part + i + 1, 2);
            }

            Set(model, "self_attn.k_proj", i, Part + i, 2);
            Set(model, "self_attn.v_proj", i, i, 1);
            Set(model, "self_attn.out_proj", (2 * Part) + i, i, 1);
        }

        float[] keys = model.Tensors[Block + "fc1.weight"].Values;
        float[] biases = model.Tensors[Block + "fc1.bias"].Values;
        keys.AsSpan(0, (FiresOnXOrY + 1) * Width).Clear();
        Key(FiresOnA, -45, 'a', null);
        Key(FiresOnE, -45, 'e', null);
        Key(FiresOnTh, -110, 'h', 't');
        Key(FiresOnXOrY, -45, 'x', null);
        Key(FiresOnXOrY, -45, 'y', null);
        biases[NeverFires] = -1000;
        biases[AlwaysFires] = 1000;

        // The value of the first memory promotes 'b', that of the second 'c'.
        float[] values = Clear(model, Block + "fc2.weight");
        _ = Clear(model, Block + "fc2.bias");
        for (int i = 0; i < Part; i++)
        {
            values[(i * Memories) + FiresOnA] = tokens[(Id('b') * Width) + i] / 100;
            values[(i * Memories) + FiresOnE] = tokens[(Id('c') * Width) + i] / 100;
        }

        return model;

        void Key(int memory, float bias, char last, char? before)
        {
            for (int i = 0; i < Part; i++)
            {
                keys[(memory * Width) + i] += tokens[(Id(last) * Width) + i];
                keys[(memory * Width) + (2 * Part) + i] += before is { } first ? tokens[(Id(first) * Width) + i] : 0;
            }

            biases[memory] = bias;
        }
    }

    /// <summary>Lines of made-up words in which every planted letter and pair is frequent, and an 'h' stands without a 't' too.</summary>
    public static string[] Lines(int count = 160)
    {
        string[] words = ["the", "that", "hat", "she", "axe", "you", "box", "day", "cab", "abbey", "noon", "moth", "who", "rich", "ecru", "dust"];
        var random = new Random(9);
        return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(4, 9)).Select(_ => words[random.Next(words.Length)])))];
    }

    private static int Id(char letter) => letter + 2;

    private static float[] Clear(TinyModel model, string name)
    {
        float[] values = model.Tensors[name].Values;
        Array.Clear(values);
        return values;
    }

    private static void Set(TinyModel model, string map, int output, int input, float value) => model.Tensors[$"{Block}{map}.weight"].Values[(output * Width) + input] = value;
}
