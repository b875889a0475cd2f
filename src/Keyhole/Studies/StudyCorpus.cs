using Keyhole.Corpora;

namespace Keyhole.Studies;

/// <summary>The corpus of a study as it was when it was mined, to be held beside the files that are there now.</summary>
/// <param name="Files">All files, in order; those that were not read to their end (a limit came first) have no hash.</param>
/// <param name="Readings">Those that were read to their end.</param>
internal sealed record StudyCorpus(IReadOnlyList<CorpusFile> Files, IReadOnlyList<FileReading> Readings)
{
    /// <summary>The corpus of a study.</summary>
    public static StudyCorpus Of(Study study)
    {
        CorpusFile[] files = [.. study.Files.Select(file => new CorpusFile(file.Index, file.Path, file.Bytes, file.Sha256.Length == 0 ? null : file.Sha256))];
        return new StudyCorpus(files, [.. files.Where(file => file.Sha256 is not null).Select(file => new FileReading(file, file.Bytes, file.Sha256!))]);
    }

    /// <summary>What has changed, as the end of a sentence; null where nothing has.</summary>
    /// <param name="corpus">The corpus as it is found now.</param>
    /// <param name="cancellation">Stops the comparison.</param>
    /// <exception cref="Engine.InputRefusedException">A file cannot be read.</exception>
    public string? Difference(Corpus corpus, CancellationToken cancellation) => CorpusComparison.Difference(corpus, Files, Readings, cancellation);
}
