using Keyhole.Cli.Bench;
using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;

namespace Keyhole.Benchmarks;

/// <summary>The forward pass without mining, to the coefficients of the last layer, as a share of the rate of matrix products.</summary>
internal static class ForwardPart
{
    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        Measure(suite, "mini", suite.Mini, suite.MiniSentences, UnitKind.Line, suite.Quick ? 30_000 : 100_000);
        if (suite.Has("the forward pass of SmolLM2", suite.SmolLM2, suite.WikiText))
        {
            Measure(suite, "SmolLM2-135M", suite.SmolLM2, suite.WikiText, UnitKind.Sentence, suite.Quick ? 4_000 : 16_000);
        }
    }

    private static void Measure(Suite suite, string what, string path, string corpus, UnitKind unit, int tokens)
    {
        using Model model = Model.Open(path);
        TokenBatch batch = Pack(TokenizerLoader.Load(path), corpus, unit, tokens);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = suite.Threads });
        using var meter = new GemmMeter(suite.Threads);
        var observer = new Passing(model.Spec.LayerCount - 1, meter);
        pass.Run(TokenBatch.OfText(batch.Ids[..batch.Length(0)].ToArray()), observer, suite.Stop);   // compiles and packs
        meter.Begin();
        pass.Run(batch, observer, suite.Stop);
        meter.End();
        double operations = OperationCount.Of(model.Spec, model.Spec.LayerCount, batch);
        suite.Add(new Figure("forward", $"{what}, {Suite.Whole(batch.RowCount)} tokens, to the last layer's coefficients")
        {
            Value = operations / meter.Seconds / 1e9,
            Unit = "Gflop/s",
            Ratio = operations / meter.Operations,
            To = "matrix products 480 x 768 x 3072",
        });
    }

    private static TokenBatch Pack(Tokenizer tokenizer, string corpus, UnitKind unit, int tokens)
    {
        var ids = new List<int>();
        var starts = new List<int> { 0 };
        foreach (TextUnit text in Corpus.Open([corpus], new CorpusOptions { Unit = unit }).ReadUnits().TakeWhile(_ => ids.Count < tokens))
        {
            ids.AddRange(tokenizer.Encode(text.Text).Ids);
            if (ids.Count > starts[^1])
            {
                starts.Add(ids.Count);
            }
        }

        return new TokenBatch([.. ids], [.. starts]);
    }

    // Asks for the last layer's coefficients and looks at nothing.
    private sealed class Passing(int lastLayer, GemmMeter meter) : IForwardObserver
    {
        public SiteSet Sites(int layer) => layer == lastLayer ? SiteSet.Of(Site.MlpPost) : SiteSet.None;

        public void Observe(Site site, int layer, int firstRow, MatrixView values)
        {
            // Not asked for.
        }

        public void ObserveMemories(in MemoryTile tile)
        {
            // A plain pass.
        }

        public void LayerDone(int layer) => meter.Pause();
    }
}
