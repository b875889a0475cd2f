using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>One export as it goes on: its study and options, its progress, and whether it is to stop.</summary>
internal sealed class ExportRun
{
    private const int ReportEvery = 64;

    private readonly CancellationToken _cancellation;
    private readonly long _memories;

    /// <summary>Begins an export.</summary>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5133: the selection does not fit the study.</exception>
    public ExportRun(Study study, ExportOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        options.Selection.Require(study);
        Study = study;
        Options = options;
        _cancellation = cancellation;
        _memories = Math.Max(1, options.Selection.Neurons?.Count ?? study.Counts().Memories);
    }

    /// <summary>The study.</summary>
    public Study Study { get; }

    /// <summary>The options.</summary>
    public ExportOptions Options { get; }

    /// <summary>Stops the export.</summary>
    public CancellationToken Cancellation => _cancellation;

    /// <summary>Whether a memory is written.</summary>
    public bool Writes(NeuronId id) => Options.Selection.Contains(id);

    /// <summary>The memories that are written, in order, while progress goes from one share to another.</summary>
    public IEnumerable<MemoryRecord> Memories(string phase, double from, double to) => Each(phase, Options.Selection.Of(Study), _memories, from, to);

    /// <summary>The items, while progress goes from one share to another.</summary>
    public IEnumerable<T> Each<T>(string phase, IEnumerable<T> items, long count, double from, double to)
    {
        long done = 0;
        foreach (T item in items)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (done % ReportEvery == 0)
            {
                Report(phase, from + ((to - from) * Math.Min(1, (double)done / Math.Max(1, count))));
            }

            yield return item;
            done++;
        }

        Report(phase, to);
    }

    /// <summary>Tells how far the export is.</summary>
    public void Report(string phase, double share) => Options.Progress?.Report(new ExportProgress(phase, share));
}
