using System.Buffers.Binary;
using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Web.Overview;

/// <summary>Turns a statistic's numbers into what the layer strip draws.</summary>
internal static class LayerNumbers
{
    private const double LowQuantile = 0.01;
    private const double HighQuantile = 0.99;

    /// <summary>The answer for one statistic.</summary>
    public static LayerAnswer Of(MemoryNumbers memories, LayerStatistic statistic, float[] numbers)
    {
        double[] sorted = [.. numbers.Where(float.IsFinite).Select(number => (double)number).Order()];
        (double low, double high) = Range(statistic.Scale, sorted);
        return new LayerAnswer
        {
            Statistic = statistic.Name,
            Scale = statistic.Scale.ToString().ToLowerInvariant(),
            Low = Number(low),
            High = Number(high),
            Least = sorted.Length == 0 ? null : sorted[0],
            Largest = sorted.Length == 0 ? null : sorted[^1],
            Missing = numbers.Length - sorted.Length,
            Blocks = Blocks(memories.Ids),
            Values = Bytes(numbers),
        };
    }

    // A few outliers must not leave one colour for all the rest; on a logarithmic scale there is no zero.
    private static (double Low, double High) Range(StripScale scale, double[] sorted)
    {
        ReadOnlySpan<double> drawn = scale == StripScale.Log ? sorted.AsSpan(sorted.TakeWhile(number => number <= 0).Count()) : sorted;
        if (drawn.IsEmpty)
        {
            return (double.NaN, double.NaN);
        }

        double low = scale == StripScale.Linear ? drawn[0] : Quantile.OfSorted(drawn, LowQuantile);
        double high = Quantile.OfSorted(drawn, HighQuantile);
        return (low, high > low ? high : drawn[^1]);
    }

    private static List<LayerBlock> Blocks(IReadOnlyList<NeuronId> ids)
    {
        var blocks = new List<LayerBlock>();
        int first = 0;
        for (int end = 1; end <= ids.Count; end++)
        {
            if (end < ids.Count && ids[end].Layer == ids[first].Layer && ids[end].Expert == ids[first].Expert)
            {
                continue;
            }

            int[] indices = new int[end - first];
            bool whole = true;
            for (int i = 0; i < indices.Length; i++)
            {
                indices[i] = ids[first + i].Index;
                whole &= indices[i] == i;
            }

            blocks.Add(new LayerBlock(ids[first].Layer, ids[first].Expert, indices.Length, whole ? null : indices));
            first = end;
        }

        return blocks;
    }

    private static byte[] Bytes(float[] numbers)
    {
        byte[] bytes = new byte[numbers.Length * sizeof(float)];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), numbers[i]);
        }

        return bytes;
    }

    private static double? Number(double number) => double.IsFinite(number) ? number : null;
}
