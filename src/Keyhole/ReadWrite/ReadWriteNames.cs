namespace Keyhole.ReadWrite;

/// <summary>The classes as readers and files have them.</summary>
internal static class ReadWriteNames
{
    /// <summary>The classes in the order in which they are shown.</summary>
    public static IReadOnlyList<ReadWriteClass> Ordered { get; } =
    [
        ReadWriteClass.Enrichment, ReadWriteClass.ConditionalEnrichment, ReadWriteClass.ProportionalChange,
        ReadWriteClass.OrthogonalOutput, ReadWriteClass.ConditionalDepletion, ReadWriteClass.Depletion,
    ];

    /// <summary>The classes that memories can be of, in that order.</summary>
    /// <param name="gated">Whether they have gates.</param>
    public static IReadOnlyList<ReadWriteClass> Possible(bool gated) => gated ? Ordered : [ReadWriteClass.Enrichment, ReadWriteClass.OrthogonalOutput, ReadWriteClass.Depletion];

    /// <summary>Such as <c>conditional enrichment</c>.</summary>
    public static string Of(ReadWriteClass one) => one switch
    {
        ReadWriteClass.Enrichment => "enrichment",
        ReadWriteClass.ConditionalEnrichment => "conditional enrichment",
        ReadWriteClass.Depletion => "depletion",
        ReadWriteClass.ConditionalDepletion => "conditional depletion",
        ReadWriteClass.ProportionalChange => "proportional change",
        _ => "orthogonal output",
    };

    /// <summary>The class of a memory with what is special about it.</summary>
    public static string Of(ReadWriteRecord record) => record.Class is { } known ? (record.IsAtypical ? "atypical " : string.Empty) + Of(known) : "not defined (a vector is zero)";
}
