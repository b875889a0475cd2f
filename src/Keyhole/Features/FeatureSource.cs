namespace Keyhole.Features;

/// <summary>Whose features were measured.</summary>
public enum FeatureSource
{
    /// <summary>The memories of the layer as they are.</summary>
    Memories,

    /// <summary>The null: the same layer with the entries of every key and value permuted, on the same inputs.</summary>
    Permuted,

    /// <summary>All dimensions of the residual that the layer reads, for probes alone.</summary>
    Residual,
}
