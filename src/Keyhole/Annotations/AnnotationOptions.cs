namespace Keyhole.Annotations;

/// <summary>What an annotation project shows its annotators; recorded with it.</summary>
public sealed record AnnotationOptions
{
    /// <summary>Most memories of a layer, decoys of a layer, and sheets in all.</summary>
    public const int MostPerLayer = 1000;

    /// <summary>Most sheets of a project.</summary>
    public const int MostSheets = 20_000;

    /// <summary>Most prefixes of a sheet.</summary>
    public const int MostPrefixes = 100;

    /// <summary>Most tokens of a prefix that are shown.</summary>
    public const int MostContext = 1000;

    /// <summary>Memories of each layer whose lists are shown; the paper took 10.</summary>
    public int PerLayer { get; init; } = 10;

    /// <summary>Prefixes of a sheet, a memory's best ones; the paper took 25.</summary>
    public int Prefixes { get; init; } = 25;

    /// <summary>Decoys of each layer, half of them <see cref="SheetKind.Random"/> and half <see cref="SheetKind.Mixed"/>; of an odd number the kinds take the extra one in turn.</summary>
    public int Decoys { get; init; } = 5;

    /// <summary>Tokens of a prefix that are shown, its last one included; a longer prefix is cut from the left.</summary>
    public int Context { get; init; } = 64;

    /// <summary>Which memories, decoys and orders.</summary>
    public ulong Seed { get; init; }

    /// <summary>Layers to take, from 0; null for all that were mined.</summary>
    public IReadOnlyList<int>? Layers { get; init; }
}
