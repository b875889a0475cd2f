using Keyhole.Engine.Numerics;

namespace Keyhole.Features;

/// <summary>What a first pass tells of a bank: how large its coefficients get, what they are on average, over each text, and at words.</summary>
internal sealed class BankStatistics
{
    private BankStatistics(FeatureBank bank, FeatureSample sample, int words, int groups)
    {
        Largest = new float[bank.Memories];
        Texts = [.. sample.Texts.Select(_ => new float[bank.Memories])];
        Words = [.. Enumerable.Range(0, words).Select(_ => new float[bank.Memories])];
        Contributions = [.. Enumerable.Range(0, groups).Select(_ => new float[bank.Memories])];
    }

    /// <summary>Largest |m| of each memory over all positions, shape [M].</summary>
    public float[] Largest { get; }

    /// <summary>Mean of m over the positions of each text, shape [texts][M].</summary>
    public float[][] Texts { get; }

    /// <summary>m at each word, shape [words][M].</summary>
    public float[][] Words { get; }

    // What multiplies the values, summed over the positions of each group, [groups][M].
    private float[][] Contributions { get; }

    /// <summary>Runs the pass.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="passes">Shows its coefficients.</param>
    /// <param name="words">Positions of words, each once.</param>
    public static BankStatistics Of(FeatureBank bank, BankPasses passes, IReadOnlyList<int> words)
    {
        FeatureSample sample = passes.Sample;
        var statistics = new BankStatistics(bank, sample, words.Count, passes.Groups);
        Dictionary<int, int> places = words.Select((position, word) => (position, word)).ToDictionary(pair => pair.position, pair => pair.word);
        passes.Run(() => new float[bank.Memories], See, largest => Merge(largest, statistics.Largest));
        for (int text = 0; text < sample.Texts.Count; text++)
        {
            Elementwise.Scale(statistics.Texts[text], 1f / sample.Texts[text].Count);
        }

        return statistics;

        void See(FeatureTile tile, BankScratch scratch, float[] largest)
        {
            for (int row = 0; row < tile.Coefficients.Rows; row++)
            {
                Span<float> coefficients = tile.Coefficients.Row(row);
                Merge(coefficients, largest);
                Elementwise.Add(statistics.Texts[sample.TextOf(tile.First + row)], coefficients);
                if (places.TryGetValue(tile.First + row, out int word))
                {
                    coefficients.CopyTo(statistics.Words[word]);
                }
            }

            bank.Weigh(tile.Router, tile.Coefficients);
            for (int row = 0; row < tile.Coefficients.Rows; row++)
            {
                Elementwise.Add(statistics.Contributions[tile.Group], tile.Coefficients.Row(row));
            }
        }
    }

    /// <summary>The mean of the layer's output over all positions, b2 included, shape [D].</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="router">The router's weights at all positions, shape [P, experts]; without rows where the layer has no router.</param>
    /// <param name="positions">P.</param>
    public float[] MeanOutput(FeatureBank bank, MatrixView router, int positions)
    {
        var mean = new double[bank.Width];
        for (int memory = 0; memory < bank.Memories; memory++)
        {
            double contribution = 0;
            foreach (float[] group in Contributions)
            {
                contribution += group[memory];
            }

            ReadOnlySpan<float> value = bank.Value(memory);
            for (int d = 0; d < mean.Length; d++)
            {
                mean[d] += contribution / positions * value[d];
            }
        }

        float[] output = Array.ConvertAll(mean, value => (float)value);
        var weights = new float[router.Columns];
        for (int expert = 0; expert < weights.Length; expert++)
        {
            double sum = 0;
            for (int row = 0; row < router.Rows; row++)
            {
                sum += router.Row(row)[expert];
            }

            weights[expert] = (float)(sum / positions);
        }

        bank.AddBias(weights, output);
        return output;
    }

    private static void Merge(ReadOnlySpan<float> from, Span<float> into)
    {
        for (int memory = 0; memory < from.Length; memory++)
        {
            into[memory] = MathF.Max(into[memory], MathF.Abs(from[memory]));
        }
    }
}
