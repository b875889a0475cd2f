using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>A study that is there already when a run is asked to go on with it.</summary>
internal static class FinishedStudy
{
    /// <summary>The study as the result of a run that does nothing.</summary>
    /// <param name="path">The study.</param>
    /// <param name="identity">That of the run.</param>
    /// <param name="corpus">Its corpus as it is now.</param>
    /// <param name="cancellation">Stops the comparison.</param>
    /// <exception cref="InputRefusedException">KH5011: the study is of another run, or of another corpus; KH51xx: it cannot be read.</exception>
    public static MiningResult Require(string path, RunIdentity identity, Corpus corpus, CancellationToken cancellation)
    {
        using Study study = Study.Open(path);
        identity.RequireSame(RunIdentity.Of(study.Provenance), path);
        if (StudyCorpus.Of(study).Difference(corpus, cancellation) is { } difference)
        {
            throw RunIdentity.Changed(path, $"of the corpus {difference}");
        }

        StudyCounts counts = study.Counts();
        return new MiningResult
        {
            WasFinished = true,
            Units = (int)counts.Units,
            Tokens = counts.Tokens,
            Candidates = counts.Candidates,
            Memories = (int)counts.Memories,
            DeadMemories = (int)counts.DeadMemories,
            FloatingPointOperations = 0,
            LoadSeconds = 0,
            TokenizeSeconds = 0,
            MineSeconds = 0,
            WriteSeconds = 0,
        };
    }
}
