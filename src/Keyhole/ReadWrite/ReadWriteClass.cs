namespace Keyhole.ReadWrite;

/// <summary>What a memory does to the direction that it reads, by the cosines of its weights (Gerstner and Schuetze 2025, "Understanding Gated Neurons in Transformers from Their Input-Output Functionality").</summary>
public enum ReadWriteClass
{
    /// <summary>Writes the direction that its linear part reads, and that its gate reads too.</summary>
    Enrichment,

    /// <summary>Writes the direction that its linear part reads, where a gate of another direction lets it.</summary>
    ConditionalEnrichment,

    /// <summary>Writes against the direction that its linear part reads, and that its gate reads too.</summary>
    Depletion,

    /// <summary>Writes against the direction that its linear part reads, where a gate of another direction lets it.</summary>
    ConditionalDepletion,

    /// <summary>Writes along its gate's direction, in proportion to what another direction holds.</summary>
    ProportionalChange,

    /// <summary>Writes a direction that it does not read.</summary>
    OrthogonalOutput,
}
