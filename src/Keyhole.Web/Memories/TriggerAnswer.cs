namespace Keyhole.Web.Memories;

/// <summary>A trigger example.</summary>
public sealed record TriggerAnswer
{
    /// <summary>Its place in the list, from 0.</summary>
    public required int Rank { get; init; }

    /// <summary>Last position of the prefix, in tokens of the whole text.</summary>
    public required int Position { get; init; }

    /// <summary>m with its sign.</summary>
    public required float Coefficient { get; init; }

    /// <summary>The gate's pre-activation g; null where not gated.</summary>
    public float? Gate { get; init; }

    /// <summary>The sign case, such as <c>gate+in-</c>; null where not gated.</summary>
    public string? Signs { get; init; }

    /// <summary>The router's weight; null where the memory is no expert's.</summary>
    public float? RouterWeight { get; init; }

    /// <summary>Id of the token after the prefix; null where the text ends there.</summary>
    public int? Target { get; init; }

    /// <summary>Its text.</summary>
    public string? TargetText { get; init; }

    /// <summary>The text.</summary>
    public required TextAnswer Text { get; init; }
}

/// <summary>Some triggers of a pole.</summary>
/// <param name="Pole">The pole.</param>
/// <param name="Offset">Place of the first of them in the list.</param>
/// <param name="Total">How many the list has.</param>
/// <param name="Triggers">The triggers, best first.</param>
public sealed record TriggersAnswer(string Pole, int Offset, int Total, IReadOnlyList<TriggerAnswer> Triggers);
