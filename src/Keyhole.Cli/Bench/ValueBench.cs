using System.Diagnostics;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Values;

namespace Keyhole.Cli.Bench;

/// <summary>Reads all values of a model over its vocabulary, with triggers made up, and sets the time against the rate of matrix products.</summary>
internal static class ValueBench
{
    private const int Targets = 50;

    /// <summary>Runs once.</summary>
    /// <param name="path">The model.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="console">Shows progress.</param>
    /// <param name="stop">Stops it.</param>
    public static ValueBenchResult Run(string path, int threads, CommandConsole console, CancellationToken stop)
    {
        using Model model = Model.Open(path);
        MemoryTriggers[] memories = [.. MakeUp(model.Spec)];
        long start = Stopwatch.GetTimestamp();
        AgreementSummary summary = console.WithProgress(progress =>
        {
            IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(model, memories, new ValueOptions { Threads = threads }, new ShareProgress(progress, "values"), stop);
            return AgreementSummary.Of(values, model.Spec.VocabularySize, seed: 0);
        });
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int width = model.Spec.Head.ProjectOut?.Outputs ?? model.Spec.Width;
        using Process self = Process.GetCurrentProcess();
        return new ValueBenchResult(memories.Length, 2.0 * memories.Length * model.Spec.VocabularySize * width, seconds, self.PeakWorkingSet64, summary.Layers.Sum(layer => layer.Agreement.Count));
    }

    // Tokens by a counter: no study is needed to measure.
    private static IEnumerable<MemoryTriggers> MakeUp(ModelSpec spec)
    {
        uint state = 1;
        int Token()
        {
            state = (state * 1664525) + 1013904223;
            return (int)(state % (uint)spec.VocabularySize);
        }

        PoleTriggers Pole()
        {
            int[] targets = [.. Enumerable.Range(0, Targets).Select(_ => Token())];
            return new PoleTriggers(new Trigger(1, float.NaN, 0, 1, targets[0]), [.. targets]) { Current = Token() };
        }

        for (int layer = 0; layer < spec.LayerCount; layer++)
        {
            FeedForwardSpec feedForward = spec.Blocks[layer].FeedForward;
            foreach (NeuronId id in spec.NamesOf(layer))
            {
                yield return new MemoryTriggers(id, Pole(), feedForward.IsGated ? Pole() : null);
            }
        }
    }
}

/// <summary>What a run of <see cref="ValueBench"/> took.</summary>
/// <param name="Memories">Values read.</param>
/// <param name="FloatingPointOperations">2 x multiply-adds of the products with the vocabulary.</param>
/// <param name="Seconds">Reading, and the summary of agreement.</param>
/// <param name="PeakBytes">Largest resident memory of the process so far.</param>
/// <param name="Agreeing">Agreements found: with made-up triggers next to none.</param>
internal sealed record ValueBenchResult(int Memories, double FloatingPointOperations, double Seconds, long PeakBytes, long Agreeing);
