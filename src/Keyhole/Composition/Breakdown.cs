using Keyhole.Statistics;

namespace Keyhole.Composition;

/// <summary>Breakdown.</summary>
public readonly record struct Breakdown(long Residual, long Ffn, long Agreement, long Composition, long Overruled)
{
    /// <summary>All.</summary>
    public long Total => Residual + Ffn + Agreement + Composition + Overruled;

    /// <summary>A share.</summary>
    public Share Of(long count) => new(count, Total);
}
