namespace Keyhole.Composition;

/// <summary>Where a layer's prediction top(o) comes from (method, section 4, figure 11).</summary>
public enum StepKind
{
    /// <summary>top(o) = top(r) alone.</summary>
    Residual,

    /// <summary>top(o) = top(y) alone.</summary>
    Ffn,

    /// <summary>All three are the same.</summary>
    Agreement,

    /// <summary>top(o) is neither, and the two differ.</summary>
    Composition,

    /// <summary>top(r) = top(y), but top(o) is another.</summary>
    Overruled,
}
