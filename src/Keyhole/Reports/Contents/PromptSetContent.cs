using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.Reports.Contents;

/// <summary>A named set of prompts with known answers.</summary>
internal sealed record PromptSetContent
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Prompts that the model answers right.</summary>
    public required Share Right { get; init; }

    /// <summary>Answers of several tokens, read at their first.</summary>
    public long Cut { get; init; }

    /// <summary>Ranks by layer, quantity and group; the layer after the last is the output.</summary>
    public required ImmutableArray<PromptRow> Rows { get; init; }
}
