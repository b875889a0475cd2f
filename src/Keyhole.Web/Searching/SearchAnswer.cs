namespace Keyhole.Web.Searching;

/// <summary>What a search found: of each list the first, and how many there are.</summary>
public sealed record SearchAnswer
{
    /// <summary>Memories whose values promote the token; null where values were not looked at.</summary>
    public ValueMatches? Promoting { get; init; }

    /// <summary>Memories whose values demote the token; null where values were not looked at.</summary>
    public ValueMatches? Demoting { get; init; }

    /// <summary>Memories and poles whose triggers match; null where triggers were not looked at.</summary>
    public TriggerMatches? Triggers { get; init; }

    /// <summary>Labels that hold the words; null where labels were not looked at, or the study has none.</summary>
    public LabelMatches? Labels { get; init; }

    /// <summary>What the study lacks for this search, in sentences.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Time that the search took.</summary>
    public required double ElapsedMs { get; init; }
}

/// <summary>Memories whose values promote or demote a token.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Matches">The first of them, by rank, then probability.</param>
public sealed record ValueMatches(int Count, IReadOnlyList<ValueFound> Matches);

/// <summary>A memory whose value promotes or demotes a token.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Text">The token.</param>
/// <param name="Rank">Its rank, from 0, at the end in question.</param>
/// <param name="Logit">Its logit.</param>
/// <param name="Probability">Its probability in the value's distribution.</param>
public sealed record ValueFound(string Id, string Text, int Rank, float Logit, double Probability);

/// <summary>Memories whose triggers match.</summary>
/// <param name="Count">How many there are, with their poles.</param>
/// <param name="Matches">The first of them: those with most matches, then by best rank.</param>
public sealed record TriggerMatches(int Count, IReadOnlyList<TriggerFound> Matches);

/// <summary>A memory some of whose triggers match.</summary>
public sealed record TriggerFound
{
    /// <summary>The memory.</summary>
    public required string Id { get; init; }

    /// <summary>The pole.</summary>
    public required string Pole { get; init; }

    /// <summary>How many of its triggers match.</summary>
    public required int Matches { get; init; }

    /// <summary>How many triggers it has on this pole.</summary>
    public required int Triggers { get; init; }

    /// <summary>Rank of the best trigger that matches, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>Its coefficient.</summary>
    public required float Coefficient { get; init; }

    /// <summary>The prefix before the match, without its beginning where that is long.</summary>
    public required string Before { get; init; }

    /// <summary>The match, without its middle where it is long; empty where only the target was asked for.</summary>
    public required string Match { get; init; }

    /// <summary>What follows the match within the prefix, without its middle where it is long.</summary>
    public required string After { get; init; }

    /// <summary>Whether the prefix begins earlier.</summary>
    public required bool Cut { get; init; }

    /// <summary>The token after the prefix; null without one.</summary>
    public required string? Target { get; init; }
}

/// <summary>Labels that hold the words.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Matches">The first of them, in order of memories.</param>
public sealed record LabelMatches(int Count, IReadOnlyList<LabelFound> Matches);

/// <summary>A label that holds the words.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Before">The label before the words.</param>
/// <param name="Match">The words.</param>
/// <param name="After">The label after them.</param>
/// <param name="Kind">shallow, syntactic or semantic.</param>
/// <param name="Annotator">Who gave it.</param>
/// <param name="Blind">Whether it was given on a blind sheet.</param>
public sealed record LabelFound(string Id, string Before, string Match, string After, string Kind, string Annotator, bool Blind);
