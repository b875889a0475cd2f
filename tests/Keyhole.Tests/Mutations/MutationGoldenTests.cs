using System.Collections.Immutable;
using System.Text.Json;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mutations;

/// <summary>Mutations of the mini model, against an independent float64 implementation (shared/conformance/mini).</summary>
public sealed class MutationGoldenTests
{
    [Fact]
    public void Coefficients_and_mean_changes_agree()
    {
        string[] lines = File.ReadAllLines(SharedData.Require("models", "mini", "valid.sentences.txt"));
        using var golden = new Golden(SharedData.Require("conformance", "mini", "golden.safetensors"));
        using JsonDocument summary = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("conformance", "mini", "summary.json")));
        string folder = Path.Combine(SharedData.Repository, "models", "mini");
        int[] where = golden.Integers("mutation.where");          // [n, 5]
        float[] coefficients = golden.Floats("mutation.coefficient");   // [n, 4]
        PlannedMutation[] plan = [.. where.Chunk(5).Select(row => new PlannedMutation(new NeuronId(row[0], row[1]), Pole.Positive, row[2], row[3], 1, row[4]))];
        Assert.Equal(380, plan.Length);
        Tokenizer tokenizer = TokenizerLoader.Load(folder);
        var units = plan.Select(one => one.Unit).Distinct().ToDictionary(unit => unit, unit => ImmutableArray.Create(tokenizer.Encode(lines[unit], addSpecialTokens: true).Ids));
        using Model model = Model.Open(folder);
        IReadOnlyList<MutationRecord> records = MutationRunner.Run(units, model, plan, (probe, run) => probe.Run(run, 2, null, TestContext.Current.CancellationToken));
        Assert.Equal(plan.Length, records.Count);
        for (int i = 0; i < plan.Length; i++)
        {
            MutationRecord record = records[i];
            Assert.Equal((plan[i].Id, plan[i].Unit, plan[i].Position, plan[i].Random), (record.Id, record.Unit, record.Position, record.Random));
            float[] got = [record.Coefficient, record.First, record.Last, record.RandomDropped];
            for (int kind = 0; kind < 4; kind++)
            {
                float expected = coefficients[(i * 4) + kind];
                Assert.True(Math.Abs(got[kind] - expected) <= 1e-4 * Math.Max(1, Math.Abs(expected)), $"{record.Id}, unit {record.Unit}, kind {kind}: {got[kind]}, golden {expected}.");
            }
        }

        double[][] means = [.. summary.RootElement.GetProperty("mutation_mean_percent").EnumerateArray().Select(layer => layer.EnumerateArray().Select(mean => mean.GetDouble()).ToArray())];
        MutationSummary summaries = MutationSummary.Of(records, seed: 0);
        Assert.Equal(10, summaries.Layers.Length);
        foreach (LayerMutations layer in summaries.Layers)
        {
            Assert.Equal(records.Count(record => record.Id.Layer == layer.Layer), layer.First.Mean.N);
            Assert.Equal(means[layer.Layer][0], layer.First.Mean.Value, 0.01);
            Assert.Equal(means[layer.Layer][1], layer.Last.Mean.Value, 0.01);
            Assert.Equal(means[layer.Layer][2], layer.Random.Mean.Value, 0.01);
        }
    }
}
