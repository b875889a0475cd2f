namespace Keyhole.Statistics;

/// <summary>Pairs things of one kind with things of another at random, for nulls.</summary>
internal static class ShuffledPairs
{
    /// <summary>
    /// A permutation of 0 .. n - 1, all of them equally likely (Fisher and Yates's shuffle, from the end): entry i is the partner of i. The same for the same
    /// n, seed and stream everywhere.
    /// </summary>
    /// <param name="n">How many.</param>
    /// <param name="seed">The user's seed.</param>
    /// <param name="stream">Which of the seed's permutations, such as a layer.</param>
    public static int[] Permutation(int n, ulong seed, ulong stream)
    {
        int[] permutation = [.. Enumerable.Range(0, n)];
        for (int i = n - 1; i > 0; i--)
        {
            int j = UniformDraw.Below(i + 1, seed, stream, (ulong)i);
            (permutation[i], permutation[j]) = (permutation[j], permutation[i]);
        }

        return permutation;
    }
}
