using System.Collections.Immutable;
using Keyhole.Analyses;
using Keyhole.Claiming.Files;
using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Claiming;

/// <summary>Tests claims about memories over every position of a corpus, and finds the memories that detect a predicate best (method, section 7; docs/claims.md).</summary>
public static class ClaimTester
{
    /// <summary>Tests the claims of a file.</summary>
    /// <param name="options">Which claims, and on what.</param>
    /// <param name="progress">Told how far the run is, or null.</param>
    /// <param name="cancellation">Stops it; the study is as it was then.</param>
    /// <exception cref="InputRefusedException">KH7801 to KH7808: the claims cannot be tested; or the study, its model or the texts cannot be used.</exception>
    /// <exception cref="StudyNotWrittenException">KH7809: no room for what is counted; KH5112: the study cannot be written.</exception>
    public static ClaimRun Run(ClaimOptions options, IProgress<ClaimProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Best);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ChunkTokens ?? 1);
        ImmutableArray<MemoryClaim> claims = ClaimFile.Read(options.Claims);
        if (options.Find)
        {
            claims = [.. claims.Select(claim => claim with { Memory = null })];
        }

        using Study study = Study.Open(options.Study);
        if (options.Save)
        {
            StudyEditor.RequireWritable(options.Study);
        }

        using StudyModel model = StudyModel.Open(study, options.Model, cancellation);
        ClaimRun run = new ClaimRunner(study, model, claims, options, progress, cancellation).Run();
        model.RequireSame();
        cancellation.ThrowIfCancellationRequested();
        if (options.Save)
        {
            using StudyEditor editor = StudyEditor.Open(options.Study);
            ClaimStore.Write(editor, run);
            editor.Commit();
        }

        return run;
    }
}
