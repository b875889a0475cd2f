using Keyhole.Corpora;

namespace Keyhole.Mining;

/// <summary>The key of a prefix's last tokens, of which <c>--distinct</c> keeps one in a list.</summary>
internal static class TriggerEnding
{
    /// <summary>A hash of the last <paramref name="distinct"/> tokens of a prefix, or of all where it is shorter.</summary>
    /// <param name="ids">Token ids of the unit; shape [T].</param>
    /// <param name="position">Last position of the prefix.</param>
    /// <param name="distinct">Tokens that count, at least 1.</param>
    public static ulong Key(ReadOnlySpan<int> ids, int position, int distinct)
    {
        ulong key = 0;
        for (int i = Math.Max(0, position + 1 - distinct); i <= position; i++)
        {
            key = CounterHash.Hash(key, (ulong)ids[i], (ulong)(position - i));
        }

        return key;
    }
}
