using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Double-precision twin: softmax(cap(scale q k) + bias) v over the keys of the window up to the query's own position.</summary>
internal static class CausalAttention
{
    /// <summary>ALiBi as models write it: slope * position.</summary>
    public static double Bias(Alibi alibi, int head, int position)
        => alibi.Scale * (alibi.RoundsToBFloat16 ? alibi.Rounded(head, position) : (double)alibi.Slopes[head] * position);

    /// <param name="rows">[T, (heads + 2 keyValueHeads) * headSize]: query heads, key heads, value heads.</param>
    /// <returns>[T, heads * headSize].</returns>
    public static double[] Run(float[] rows, int length, int heads, int keyValueHeads, int headSize, AttentionScoring scoring)
    {
        int stride = (heads + (2 * keyValueHeads)) * headSize;
        double[] result = new double[length * heads * headSize];
        for (int t = 0; t < length; t++)
        {
            for (int head = 0; head < heads; head++)
            {
                int shared = head / (heads / keyValueHeads);
                ReadOnlySpan<float> query = rows.AsSpan((t * stride) + (head * headSize), headSize);
                double[] weights = new double[t + 1];
                for (int j = 0; j <= t; j++)
                {
                    weights[j] = scoring.Scale * Reference.Reductions.Dot(query, rows.AsSpan((j * stride) + ((heads + shared) * headSize), headSize));
                    weights[j] = scoring.SoftCap is { } cap ? cap * Math.Tanh(weights[j] / cap) : weights[j];
                    weights[j] += scoring.Alibi is { } alibi ? Bias(alibi, head, j) : 0;
                    weights[j] = t - j < (scoring.Window ?? length) ? weights[j] : double.NegativeInfinity;
                }

                double max = weights.Max();
                double sum = weights.Sum(weight => Math.Exp(weight - max));
                for (int j = 0; j <= t; j++)
                {
                    double probability = Math.Exp(weights[j] - max) / sum;
                    int value = (j * stride) + ((heads + keyValueHeads + shared) * headSize);
                    for (int i = 0; i < headSize; i++)
                    {
                        result[(((t * heads) + head) * headSize) + i] += probability * rows[value + i];
                    }
                }
            }
        }

        return result;
    }
}
