using Keyhole.Memories;

namespace Keyhole.Exports;

/// <summary>The triggers of a pole as a terminal shows them, best first.</summary>
/// <param name="Pole">The pole.</param>
/// <param name="Lines">Its triggers.</param>
/// <param name="Total">How many the study has, of which <paramref name="Lines"/> may be the first.</param>
public sealed record PoleView(Pole Pole, IReadOnlyList<TriggerLine> Lines, int Total)
{
    /// <summary>The memory's value beside these triggers, in half a line; null where the study has none, or no trigger has a target.</summary>
    public string? Value { get; init; }

    /// <summary>The share of the pole's activation that the triggers stand for, as a percentage; null where it is not known.</summary>
    public string? TopShare { get; init; }

    /// <summary>An example of each tenth of the pole's activation, the weakest first; none where the study keeps none.</summary>
    public IReadOnlyList<TriggerLine> Quantiles { get; init; } = [];

    /// <summary>What these triggers share, a line each; empty where nothing was found or looked for.</summary>
    public IReadOnlyList<string> Patterns { get; init; } = [];
}
