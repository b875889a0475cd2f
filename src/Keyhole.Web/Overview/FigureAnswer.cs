using System.Text.Json.Nodes;

namespace Keyhole.Web.Overview;

/// <summary>The report's figures.</summary>
/// <param name="Version">Changes when a figure does.</param>
/// <param name="Figures">In the report's order.</param>
public sealed record FiguresAnswer(string Version, IReadOnlyList<FigureAnswer> Figures);

/// <summary>One figure.</summary>
public sealed record FigureAnswer
{
    /// <summary>Its name, such as <c>fig-03-mutations</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Such as <c>Fig. 3</c>; empty for figures that the paper does not have.</summary>
    public required string Number { get; init; }

    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>How to read it.</summary>
    public required string Caption { get; init; }

    /// <summary>The published figure in words; empty where there is none.</summary>
    public required string Published { get; init; }

    /// <summary>Why there is nothing to draw; null where there is.</summary>
    public string? Missing { get; init; }

    /// <summary>Names of the data's columns.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The Vega-Lite specification with its data; null where there is nothing to draw.</summary>
    public JsonObject? Spec { get; init; }
}

/// <summary>Facts about where the study comes from.</summary>
/// <param name="Groups">By what they are about.</param>
public sealed record ProvenanceAnswer(IReadOnlyList<ProvenanceGroup> Groups);

/// <summary>Facts about one thing.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Facts">In order.</param>
public sealed record ProvenanceGroup(string Title, IReadOnlyList<ProvenanceFact> Facts);

/// <summary>One fact.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record ProvenanceFact(string Name, string Value);
