using System.Diagnostics;
using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;
using Keyhole.Engine.Tokens;

namespace Keyhole.Cli.Bench;

/// <summary>Reads prefixes at every layer, and sets the time against a plain forward pass of the same prefixes and the readouts' own products at the machine's rate.</summary>
internal static class PrefixBench
{
    /// <summary>Runs once.</summary>
    /// <param name="path">The model.</param>
    /// <param name="corpus">Texts that prefixes are taken from.</param>
    /// <param name="unit">What a text is.</param>
    /// <param name="count">Prefixes.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="console">Shows progress.</param>
    /// <param name="stop">Stops it.</param>
    public static PrefixBenchResult Run(string path, IReadOnlyList<string> corpus, UnitKind unit, int count, int threads, CommandConsole console, CancellationToken stop)
    {
        using Model model = Model.Open(path);
        ModelSpec spec = model.Spec;
        Prefix[] prefixes = [.. Prefixes(TokenizerLoader.Load(path), corpus, unit, spec, stop).Take(count)];
        TracedLayer[] layers = [.. spec.Blocks.Select(block => MadeUp(block.FeedForward.MemoryCount, spec.VocabularySize))];
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = threads });
        using var reader = new VocabularyReader(model, threads);
        TokenBatch batch = Pack(prefixes);
        pass.Run(TokenBatch.OfText(prefixes[0].Ids), new Passing(), stop);   // compiles
        long start = Stopwatch.GetTimestamp();
        pass.Run(batch, new Passing(), stop);
        double plain = Stopwatch.GetElapsedTime(start).TotalSeconds;
        start = Stopwatch.GetTimestamp();
        console.WithProgress(progress => new PrefixTracer(model, pass, reader, layers).Trace(prefixes, 0, new ShareProgress(progress, "prefixes"), stop));
        double traced = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double readouts = 2.0 * prefixes.Length * 3 * spec.LayerCount * spec.VocabularySize * reader.Width;
        return new PrefixBenchResult(prefixes.Length, batch.RowCount, plain, traced, readouts);
    }

    // Half of each text: the mean over random positions.
    private static IEnumerable<Prefix> Prefixes(Tokenizer tokenizer, IReadOnlyList<string> corpus, UnitKind unit, ModelSpec spec, CancellationToken stop)
    {
        int number = 0;
        foreach (TextUnit text in Corpus.Open(corpus, new CorpusOptions { Unit = unit }).ReadUnits(stop))
        {
            int[] ids = tokenizer.Encode(text.Text).Ids;
            if (ids.Length >= 3)
            {
                int length = Math.Min((ids.Length + 1) / 2, spec.ContextLength);
                yield return new Prefix { Unit = number++, Ids = ids[..length], StartsWithBos = false, Target = ids[length], Text = string.Empty };
            }
        }
    }

    private static TracedLayer MadeUp(int memories, int vocabulary)
        => new(new float[memories], [.. Enumerable.Range(0, memories).Select(i => i * 7919 % vocabulary)], [.. Enumerable.Range(0, memories).Select(i => i * 104729 % vocabulary)]);

    private static TokenBatch Pack(Prefix[] prefixes)
    {
        var starts = new List<int> { 0 };
        foreach (Prefix prefix in prefixes)
        {
            starts.Add(starts[^1] + prefix.Ids.Length);
        }

        return new TokenBatch([.. prefixes.SelectMany(prefix => prefix.Ids)], [.. starts]);
    }

    // Sees nothing, as far as the last layer's output.
    private sealed class Passing : IForwardObserver
    {
        public SiteSet Sites(int layer) => SiteSet.Of(Site.ResidPost);

        public void Observe(Site site, int layer, int firstRow, MatrixView values)
        {
            // A plain pass.
        }

        public void ObserveMemories(in MemoryTile tile)
        {
            // Not asked for.
        }

        public void LayerDone(int layer)
        {
            // A plain pass.
        }
    }
}

/// <summary>What a run of <see cref="PrefixBench"/> took.</summary>
/// <param name="Prefixes">Prefixes read.</param>
/// <param name="Tokens">Their tokens.</param>
/// <param name="PlainSeconds">A plain forward pass of them.</param>
/// <param name="TracedSeconds">The whole reading.</param>
/// <param name="ReadoutOperations">2 x multiply-adds of the three readouts of every layer.</param>
internal sealed record PrefixBenchResult(int Prefixes, int Tokens, double PlainSeconds, double TracedSeconds, double ReadoutOperations);
