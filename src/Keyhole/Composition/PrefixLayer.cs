namespace Keyhole.Composition;

/// <summary>What one layer does at the last position of a prefix (method, section 4): r before the feed-forward layer's addition y, o after it.</summary>
public readonly record struct PrefixLayer
{
    /// <summary>argmax of the <c>model</c> readout of r.</summary>
    public required int TopR { get; init; }

    /// <summary>argmax of the <c>folded</c> readout of y, its bias included.</summary>
    public required int TopY { get; init; }

    /// <summary>argmax of the <c>model</c> readout of o.</summary>
    public required int TopO { get; init; }

    /// <summary>argmax of the <c>folded</c> readout of r, for the breakdown with one linear readout.</summary>
    public required int LinearTopR { get; init; }

    /// <summary>argmax of the <c>folded</c> readout of o.</summary>
    public required int LinearTopO { get; init; }

    /// <summary>Share of the layer's memories that are active.</summary>
    public required float ActiveShare { get; init; }

    /// <summary>Share of the layer's memories with m &gt; 0.</summary>
    public required float PositiveShare { get; init; }

    /// <summary>No active memory has top(v_i) = top(y).</summary>
    public required bool ZeroAgreement { get; init; }

    /// <summary>No memory at all has top(v_i) = top(y): the paper's formula.</summary>
    public required bool ZeroAgreementOverAll { get; init; }

    /// <summary>No active memory has top(m_i v_i) = top(y), where the readout is not linear; null where it is, as m_i then only turns v_i round.</summary>
    public bool? ZeroAgreementOfProducts { get; init; }

    /// <summary>Readings of the <c>model</c> readout of r.</summary>
    public required StateReading R { get; init; }
}
