using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Studies;

/// <summary>Examples of a memory beyond its top triggers, where <c>mine --sample-quantiles</c> kept them.</summary>
public sealed class MemorySample
{
    /// <summary>Tenths that a sample is cut into.</summary>
    public const int Bands = 10;

    /// <summary>A uniform sample of the positions with m &gt; 0, at most 40, in the order in which they were drawn.</summary>
    public required ImmutableArray<Trigger> Positive { get; init; }

    /// <summary>The same of the positions with m &lt; 0; empty where the model is not gated.</summary>
    public required ImmutableArray<Trigger> Negative { get; init; }

    /// <summary>
    /// m at the study's random positions, in their order; NaN where the memory's expert was not chosen, and at positions that the study has not mined. Shape [random positions].
    /// </summary>
    public required ImmutableArray<float> Random { get; init; }

    /// <summary>The sample of a pole.</summary>
    /// <param name="pole">The pole.</param>
    public ImmutableArray<Trigger> Of(Pole pole) => pole == Pole.Positive ? Positive : Negative;

    /// <summary>One example of each band of a pole, the weakest first: that in its middle; fewer where a band has none.</summary>
    /// <param name="pole">The pole.</param>
    public IReadOnlyList<(int Band, Trigger Example)> MiddlesOf(Pole pole)
        => [.. BandsOf(pole).Index().Where(band => !band.Item.IsEmpty).Select(band => (band.Index, band.Item[band.Item.Length / 2]))];

    /// <summary>
    /// The sample of a pole in ten bands of |m|, the weakest first: band b has the places floor(b n / 10) to floor((b + 1) n / 10) - 1 in the order of |m|, unit and position. The sample is uniform, so
    /// band b estimates the quantiles from b/10 to (b + 1)/10 of the activation where the memory fires.
    /// </summary>
    /// <param name="pole">The pole.</param>
    public IReadOnlyList<ImmutableArray<Trigger>> BandsOf(Pole pole)
    {
        ImmutableArray<Trigger> sorted = [.. Of(pole).OrderBy(trigger => Math.Abs(trigger.Coefficient)).ThenBy(trigger => trigger.Unit).ThenBy(trigger => trigger.Position)];
        return [.. Enumerable.Range(0, Bands).Select(band => sorted[(band * sorted.Length / Bands)..((band + 1) * sorted.Length / Bands)])];
    }
}
