using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.Distributions;

/// <summary>How the coefficients of a layer's memories are spread over the positions of a study.</summary>
internal sealed record LayerDistribution
{
    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>Memories of the layer in the study.</summary>
    public required long Memories { get; init; }

    /// <summary>Quartiles of the excess kurtosis over memories that have one: those whose coefficient varies.</summary>
    public required Quartiles Kurtosis { get; init; }

    /// <summary>Memories that have a kurtosis.</summary>
    public required long Varying { get; init; }

    /// <summary>Quartiles over memories of the share of positions where the memory is active.</summary>
    public required Quartiles Active { get; init; }

    /// <summary>Memories without a trigger on any pole.</summary>
    public required Share Dead { get; init; }

    /// <summary>Memories that are active at 99% of the positions or more.</summary>
    public required Share AlwaysOn { get; init; }

    /// <summary>Mean over memories of the share of positions in each sign case, with the normal interval of a mean; empty where the model is not gated.</summary>
    public required ImmutableArray<(string Name, Estimate Share)> SignCases { get; init; }
}
