using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Mining.Nulls;

namespace Keyhole.Studies.Merging;

/// <summary>Makes one study of those that were mined over shards of a corpus or over some layers, as one run would have written it, and with it the studies of their nulls.</summary>
/// <remarks>
/// Lists are in one total order and statistics are exact sums, so the order and the grouping of merges change nothing. Analyses are not merged. A null that lies beside the
/// shards (<see cref="NullStudy.PathOf"/>) is merged beside the study by the same checks, and must be the null of each.
/// </remarks>
public sealed class StudyMerger : IDisposable
{
    private readonly List<MergedStudy> _studies = [];   // the nulls first: where the study of the memories stands, all do
    private readonly NullKind[] _nulls;

    /// <summary>Opens the studies for reading and checks that they belong together and do not overlap.</summary>
    /// <param name="options">What to merge, and where to.</param>
    /// <exception cref="InputRefusedException">
    /// KH5101 to KH5105, KH5113: a study cannot be read; KH5241: two do not belong together; KH5242: two overlap; KH5244: an output is one of them; KH5245: a shard lacks a null that others have;
    /// KH5246: a null is not that of its shard.
    /// </exception>
    /// <exception cref="MergeIncompleteException">Something is missing that <see cref="MergeOptions.Partial"/> does not allow.</exception>
    public StudyMerger(MergeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.Shards.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        RefuseOutputAmongInputs([options.Output], options.Shards);
        try
        {
            var memories = new MergedStudy(options.Shards, options.Output, options);
            _studies.Add(memories);
            _nulls = MergedNulls.Beside(memories.Pieces);
            foreach (NullKind kind in _nulls)
            {
                _studies.Insert(_studies.Count - 1, MergedNulls.Open(kind, memories, options));
            }

            RefuseOutputAmongInputs([.. _studies.Select(study => study.Output)], [.. _studies.SelectMany(study => study.Pieces).Select(piece => piece.Path)]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs to the end and leaves complete files, or throws and leaves none.</summary>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops the run; nothing is left behind.</param>
    /// <exception cref="InputRefusedException">A study is damaged.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: a study cannot be written.</exception>
    public MergeResult Run(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        MergeResult[] results;
        try
        {
            results = [.. _studies.Index().Select(study => study.Item.Write(ShareOf.Part(progress, (double)study.Index / _studies.Count, 1.0 / _studies.Count), cancellation))];
            _studies.ForEach(study => study.Complete());
        }
        finally
        {
            _studies.ForEach(study => study.EndWriting());
        }

        return results[^1] with
        {
            Nulls = [.. _studies.SkipLast(1).Select(study => study.Output)],
            MissingNulls = [.. MergedNulls.Recorded(_studies[^1].Pieces).Except(_nulls).Select(NullStudy.NameOf)],
            Analysed = [.. results.Reverse().SelectMany(result => result.Analysed)],
            Annotated = [.. results.Reverse().SelectMany(result => result.Annotated)],
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _studies.ForEach(study => study.Dispose());

    private static void RefuseOutputAmongInputs(IReadOnlyList<string> outputs, IReadOnlyList<string> inputs)
    {
        string[] written = [.. outputs.Select(Path.GetFullPath).SelectMany(output => (string[])[output, output + ".partial", output + ".tokens"])];
        foreach (string path in inputs)
        {
            string input = Path.GetFullPath(path);
            string target = File.Exists(input) ? File.ResolveLinkTarget(input, returnFinalTarget: true)?.FullName ?? input : input;
            if (written.Contains(input, StringComparer.Ordinal) || written.Contains(target, StringComparer.Ordinal))
            {
                throw new InputRefusedException("KH5244", $"{path}: this study is to be merged, and '{outputs[^1]}' is to be written in its place; give another path with -o.");
            }
        }
    }
}
