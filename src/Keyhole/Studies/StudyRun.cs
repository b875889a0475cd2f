using System.Collections.Immutable;

namespace Keyhole.Studies;

/// <summary>What may differ between two runs that give the same study: times, machine, and options that change no result.</summary>
public sealed record StudyRun
{
    /// <summary>Key of <see cref="Options"/>: where the model was, as a full path.</summary>
    public const string ModelLocation = "model-location";

    /// <summary>Key of <see cref="Options"/>: where the corpus was, full paths (or <c>-</c>) line by line.</summary>
    public const string CorpusLocation = "corpus-location";

    /// <summary>Key of <see cref="Options"/>, of the study of a null alone: the study of the memories that were mined with it, as a full path.</summary>
    public const string NullOf = "null-of";

    /// <summary>When mining began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When mining ended.</summary>
    public required DateTimeOffset Finished { get; init; }

    /// <summary>Threads used.</summary>
    public required int Threads { get; init; }

    /// <summary>Widest instruction set used, such as <c>AVX-512</c>.</summary>
    public required string InstructionSet { get; init; }

    /// <summary>The processor's name.</summary>
    public required string Processor { get; init; }

    /// <summary>Operating system and version.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The .NET version.</summary>
    public required string Framework { get; init; }

    /// <summary>Options that change no result, such as the memory budget, by name without dashes.</summary>
    public ImmutableSortedDictionary<string, string> Options { get; init; } = NoOptions;

    private static ImmutableSortedDictionary<string, string> NoOptions { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
