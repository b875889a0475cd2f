using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>Where a layer's top tokens come from.</summary>
public readonly record struct Breakdown(long Residual, long Ffn, long Agreement, long Composition, long Overruled)
{
    /// <summary>All prefixes.</summary>
    public long Total => Residual + Ffn + Agreement + Composition + Overruled;

    /// <summary>A part of all.</summary>
    public Share Of(long part) => new(part, Total);
}
