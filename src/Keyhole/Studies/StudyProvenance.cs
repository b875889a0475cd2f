using System.Collections.Immutable;

namespace Keyhole.Studies;

/// <summary>Where a study comes from: enough to make it again and to say whether another is the same.</summary>
public sealed record StudyProvenance
{
    /// <summary>Version of the program that wrote it.</summary>
    public required string ProgramVersion { get; init; }

    /// <summary>The model's path as it was given.</summary>
    public required string ModelPath { get; init; }

    /// <summary>The model's family, such as <c>llama</c>.</summary>
    public required string ModelFamily { get; init; }

    /// <summary>Hash of the weights, 64 small hexadecimal digits.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>Hash of the tokenizer.</summary>
    public required string TokenizerSha256 { get; init; }

    /// <summary>Hash of the corpus.</summary>
    public required string CorpusSha256 { get; init; }

    /// <summary>The model's shape.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>Candidate positions of the whole corpus, also where the study is a shard of it.</summary>
    public required long Candidates { get; init; }

    /// <summary>Which part of the corpus was mined; null for the whole.</summary>
    public StudyShard? Shard { get; init; }

    /// <summary>Every option that decides the result, by its name without dashes.</summary>
    public required ImmutableSortedDictionary<string, string> Options { get; init; }

    /// <summary>What may differ between two runs that give the same study.</summary>
    public required StudyRun Run { get; init; }
}
