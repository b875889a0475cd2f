using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.Reports.Contents;

/// <summary>Examples of one third of the layers (tables 1 and 2).</summary>
internal sealed record ThirdContent
{
    /// <summary>Such as <c>lower</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its layers, such as <c>layers 0 to 1</c>.</summary>
    public required string Layers { get; init; }

    /// <summary>Of a random sample of its memories with triggers those with a shallow pattern.</summary>
    public required Share WithPattern { get; init; }

    /// <summary>Table 1: memories with their best prefixes.</summary>
    public required ImmutableArray<MemoryPage> Keys { get; init; }

    /// <summary>Table 2: values with their top tokens and precision.</summary>
    public required ImmutableArray<MemoryPage> Values { get; init; }
}
