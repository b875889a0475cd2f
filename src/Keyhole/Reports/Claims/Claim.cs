namespace Keyhole.Reports.Claims;

/// <summary>A published claim beside this model's figure (method, section 9).</summary>
public sealed record Claim
{
    /// <summary>Stable name, such as <c>mutation-last</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Where the paper has it, such as <c>Fig. 3</c>.</summary>
    public required string Place { get; init; }

    /// <summary>The claim in words.</summary>
    public required string Statement { get; init; }

    /// <summary>The published figure.</summary>
    public required string Published { get; init; }

    /// <summary>How the verdict is decided.</summary>
    public required string Rule { get; init; }

    /// <summary>This model's figure, or why there is none.</summary>
    public required string Here { get; init; }

    /// <summary>Its 95% interval and n; empty where there is none.</summary>
    public string Interval { get; init; } = string.Empty;

    /// <summary>The null or the chance level beside it; empty where there is none.</summary>
    public string Null { get; init; } = string.Empty;

    /// <summary>The verdict.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The finding as a sentence with numbers; empty where nothing was found.</summary>
    public string Finding { get; init; } = string.Empty;

    /// <summary>The verdict in words: <c>holds</c>, <c>fails</c> or <c>cannot be tested here</c>.</summary>
    public string VerdictText => Verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Fails => "fails",
        _ => "cannot be tested here",
    };
}
