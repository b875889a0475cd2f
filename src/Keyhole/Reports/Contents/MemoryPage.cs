using Keyhole.Exports;
using Keyhole.Memories;

namespace Keyhole.Reports.Contents;

/// <summary>One memory as the report shows it.</summary>
internal sealed record MemoryPage
{
    /// <summary>Its triggers, statistics and histogram.</summary>
    public required MemoryView View { get; init; }

    /// <summary>The pole that it is shown for.</summary>
    public required Pole Pole { get; init; }

    /// <summary>Its value; null where values were not analysed.</summary>
    public required ValueCard? Value { get; init; }

    /// <summary>What at least three of its triggers share at their end; null where nothing.</summary>
    public ShallowPattern? Pattern { get; init; }

    /// <summary>The memory.</summary>
    public NeuronId Id => View.Id;

    /// <summary>The triggers of the pole that it is shown for.</summary>
    public PoleView Triggers => View.Poles.First(pole => pole.Pole == Pole);
}
