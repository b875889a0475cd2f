using Keyhole.Memories;

namespace Keyhole.Search;

/// <summary>A memory, on one pole, some of whose triggers match.</summary>
public sealed record TriggerMatch
{
    /// <summary>The memory.</summary>
    public required NeuronId Id { get; init; }

    /// <summary>The pole.</summary>
    public required Pole Pole { get; init; }

    /// <summary>How many of its triggers match.</summary>
    public required int Matches { get; init; }

    /// <summary>How many triggers it has on this pole.</summary>
    public required int Triggers { get; init; }

    /// <summary>Rank of the best trigger that matches, from 0.</summary>
    public required int BestRank { get; init; }

    /// <summary>That trigger.</summary>
    public required Trigger Best { get; init; }

    /// <summary>Its prefix.</summary>
    public required string Prefix { get; init; }

    /// <summary>Text of the token after it; null without one.</summary>
    public required string? Target { get; init; }

    /// <summary>Where in <see cref="Prefix"/> the query matches, the last place of several; empty at the end where only the target was asked for.</summary>
    public required Range Place { get; init; }
}
