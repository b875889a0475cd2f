using System.Collections.Immutable;
using System.Globalization;

namespace Keyhole.Claiming;

/// <summary>P of a claim: what is said to hold where the memory fires.</summary>
public sealed record ClaimPredicate
{
    private const int ShownEntries = 12;

    /// <summary>Which kind.</summary>
    public required PredicateKind Kind { get; init; }

    /// <summary>What of a position it is asked of.</summary>
    public required ClaimPlace On { get; init; }

    /// <summary>Of <see cref="PredicateKind.Tokens"/> and <see cref="PredicateKind.Words"/> the alternatives, of an <see cref="PredicateKind.Ngram"/> that is given as a list its tokens in order.</summary>
    public ImmutableArray<PredicateEntry> Entries { get; init; } = [];

    /// <summary>The pattern, the label, or an n-gram that is given as one text.</summary>
    public string? Text { get; init; }

    /// <summary>How many tokens of the value count as its top ones.</summary>
    public int Top { get; init; }

    /// <summary>Whether capitals and small letters are the same; of words they always are.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>The predicate in words.</summary>
    public override string ToString()
    {
        string place = On switch { ClaimPlace.Last => "last token", ClaimPlace.Prefix => "prefix", _ => "target" };
        string entries = string.Join(", ", Entries.Take(ShownEntries)) + (Entries.Length > ShownEntries ? string.Create(CultureInfo.InvariantCulture, $" and {Entries.Length - ShownEntries} more") : string.Empty);
        return Kind switch
        {
            PredicateKind.Tokens => $"{place}: one of the tokens {entries}",
            PredicateKind.Regex => $"{place}: /{Text}/",
            PredicateKind.Ngram => $"{place}: the n-gram {(Text is null ? entries : $"'{Text}'")}",
            PredicateKind.Words => $"{place}: one of the words {entries}",
            PredicateKind.Label => $"{place}: the label '{Text}'",
            _ => string.Create(CultureInfo.InvariantCulture, $"{place}: among the top {Top} tokens of the memory's value"),
        } + (IgnoreCase ? ", in capitals or small letters" : string.Empty);
    }
}
