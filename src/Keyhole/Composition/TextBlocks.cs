using Keyhole.Engine.Models;

namespace Keyhole.Composition;

/// <summary>Divides short texts into consecutive batches that keep to a memory budget.</summary>
internal static class TextBlocks
{
    /// <summary>Bytes that the states of a block may take, and its residual stream.</summary>
    private const long StateBytes = 160L << 20;
    private const long ResidualBytes = 32L << 20;
    private const int LeastTexts = 16;
    private const int MostTexts = 1024;

    /// <summary>Texts of a block whose states take so much each.</summary>
    public static int Capacity(long bytesPerText) => (int)Math.Clamp(StateBytes / bytesPerText, LeastTexts, MostTexts);

    /// <summary>First text and number of texts of each block.</summary>
    /// <param name="lengths">Tokens of each text.</param>
    /// <param name="capacity">Most texts of a block.</param>
    /// <param name="width">D.</param>
    public static IEnumerable<(int First, int Count)> Divide(IReadOnlyList<int> lengths, int capacity, int width)
    {
        long mostTokens = ResidualBytes / (sizeof(float) * (long)width);
        for (int first = 0; first < lengths.Count;)
        {
            long tokens = lengths[first];
            int end = first + 1;
            while (end < lengths.Count && end - first < capacity && tokens + lengths[end] <= mostTokens)
            {
                tokens += lengths[end++];
            }

            yield return (first, end - first);
            first = end;
        }
    }

    /// <summary>Packs texts without padding.</summary>
    public static TokenBatch Pack(IEnumerable<int[]> texts)
    {
        var ids = new List<int>();
        var starts = new List<int> { 0 };
        foreach (int[] text in texts)
        {
            ids.AddRange(text);
            starts.Add(ids.Count);
        }

        return new TokenBatch([.. ids], [.. starts]);
    }
}
