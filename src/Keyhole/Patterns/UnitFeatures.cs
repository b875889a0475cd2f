namespace Keyhole.Patterns;

/// <summary>What the prefixes of a unit have: words and n-grams with the token that completes them, and the form of what each token ends. T tokens, K keys.</summary>
internal sealed class UnitFeatures
{
    /// <summary>Words and n-grams are looked for among so many tokens before the end of a prefix.</summary>
    public const int Window = 64;

    /// <summary>The unit's number.</summary>
    public required int Index { get; init; }

    /// <summary>Its text.</summary>
    public required string Text { get; init; }

    /// <summary>Token ids; shape [T].</summary>
    public required int[] Tokens { get; init; }

    /// <summary>The first token that has text: 1 where a BOS stands before it.</summary>
    public required int First { get; init; }

    /// <summary>Words and n-grams in the order of <see cref="Ends"/>; shape [K].</summary>
    public required ulong[] Keys { get; init; }

    /// <summary>The token that completes each; ascending, shape [K].</summary>
    public required int[] Ends { get; init; }

    /// <summary>Where each stands in the text; shape [K].</summary>
    public required (int Start, int End)[] Places { get; init; }

    /// <summary>Forms of the word or mark that each token ends; shape [T].</summary>
    public required ulong[] LastForms { get; init; }

    /// <summary>What word, or part of one, or mark that is; shape [T].</summary>
    public required ulong[] LastWords { get; init; }

    /// <summary>Forms of all words and marks up to each token; shape [T].</summary>
    public required ulong[] FormsBefore { get; init; }

    /// <summary>Kinds of the unit, as <see cref="UnitTraitBits"/> has them.</summary>
    public required ulong Kinds { get; init; }

    /// <summary>The words and n-grams of the prefix that ends at a token: from, to in <see cref="Keys"/>.</summary>
    public (int From, int To) Within(int position) => (After(position - Window), After(position));

    // The first key that a later token completes.
    private int After(int position)
    {
        int low = 0;
        int high = Ends.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Ends[middle] <= position)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
