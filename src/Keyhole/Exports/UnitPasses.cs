using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Runs units of a study through its model in packed batches, each unit once.</summary>
internal sealed class UnitPasses : IDisposable
{
    private const int BatchTokens = 8192;
    private const long MostKeptBytes = 1L << 30;   // of packed weights; else they are packed anew for every batch

    private readonly ExportRun _run;
    private readonly Model _model;
    private readonly ForwardPass _pass;

    /// <param name="run">The export.</param>
    /// <param name="model">The model, which must outlive the passes.</param>
    public UnitPasses(ExportRun run, Model model)
    {
        _run = run;
        _model = model;
        bool keep = ForwardPass.PackedBytes(model.Spec) <= MostKeptBytes;
        _pass = new ForwardPass(model, new ForwardOptions { Threads = run.Options.Threads, KeepLayers = keep });
    }

    /// <summary>Runs units as far as the observer's last layer.</summary>
    /// <param name="units">The units, each once, ascending.</param>
    /// <param name="observer">Told which unit each text of a batch is before the batch runs.</param>
    /// <param name="phase">Name of the work for progress.</param>
    /// <param name="from">Share of the export that is done before.</param>
    /// <param name="to">Share of the export that is done afterwards.</param>
    /// <exception cref="Keyhole.Engine.InputRefusedException">A unit does not fit the model.</exception>
    public void Run(IReadOnlyList<int> units, IUnitObserver observer, string phase, double from, double to)
    {
        List<int> ids = [];
        List<int> starts = [0];
        List<int> batch = [];
        int done = 0;
        void Flush()
        {
            if (batch.Count == 0)
            {
                return;
            }

            observer.Begin(batch);
            _pass.Run(new TokenBatch([.. ids], [.. starts]), observer, _run.Cancellation);
            done += batch.Count;
            _run.Report(phase, from + ((to - from) * done / units.Count));
            ids.Clear();
            batch.Clear();
            starts.RemoveRange(1, starts.Count - 1);
        }

        _run.Report(phase, from);
        foreach (int unit in units)
        {
            StudyUnit read = _run.Study.Unit(unit);
            if (read.Tokens.Length == 0)
            {
                continue;
            }

            if (ids.Count + read.Tokens.Length > BatchTokens)
            {
                Flush();
            }

            ids.AddRange(read.Tokens);
            starts.Add(ids.Count);
            batch.Add(unit);
        }

        Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _pass.Dispose();
}

/// <summary>Watches units of a study go through a model.</summary>
internal interface IUnitObserver : IForwardObserver
{
    /// <summary>Names the unit of each text of the batch that is run next.</summary>
    void Begin(IReadOnlyList<int> units);
}
