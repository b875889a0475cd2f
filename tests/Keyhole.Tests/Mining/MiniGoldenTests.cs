using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>The mini model over its validation sentences, against an independent float64 implementation (shared/conformance/mini).</summary>
public sealed class MiniGoldenTests(MiniStudy mini)
{
    private const int Layers = 10;
    private const int Width = 1024;
    private const int Top = 50;

    [Fact]
    public void Triggers_and_statistics_agree_in_every_memory()
    {
        using Study study = Study.Open(mini.Require());
        using var golden = new Golden(SharedData.Require("conformance", "mini", "golden.safetensors"));
        Assert.Equal((7790, 223900L, 208320L), (study.UnitCount, study.TokenCount, study.Provenance.Candidates));
        float[] coefficients = golden.Floats("trigger.coefficient");
        int[] units = golden.Integers("trigger.sentence");
        int[] positions = golden.Integers("trigger.position");
        int[] targets = golden.Integers("trigger.target");
        var moments = new[] { "mean", "variance", "skewness", "excess_kurtosis", "min", "max", "share_positive" }.ToDictionary(name => name, name => golden.Floats("statistics." + name));
        int compared = 0;
        var signs = new Dictionary<NeuronId, double>();   // memories whose count of positive positions differs by more than two
        foreach (MemoryRecord memory in study.Memories())
        {
            int at = (memory.Id.Layer * Width) + memory.Id.Index;
            Trigger[] expected = [.. Enumerable.Range(at * Top, Top).Where(i => units[i] >= 0).Select(i => new Trigger(coefficients[i], float.NaN, units[i], positions[i], targets[i]))];
            TriggerListComparison.Require(memory.Id.ToString(), memory.Positive, expected, Top, 1e-4);
            RequireStatistics(memory, moments, at);
            double difference = Math.Abs((memory.Statistics.SharePositive - moments["share_positive"][at]) * memory.Statistics.Count);
            if (difference > 2.01)
            {
                signs[memory.Id] = difference;
            }

            compared++;
        }

        Assert.Equal(Layers * Width, compared);

        // A prefix that occurs six times and lies within rounding of zero there flips all six at once; nothing else may differ.
        NeuronId[] ids = [.. signs.Keys];
        int[] near = ids.Length == 0 ? [] : NearZero.Count(SharedData.Require("models", "mini", "valid.sentences.txt"), ids);
        for (int i = 0; i < ids.Length; i++)
        {
            Assert.True(signs[ids[i]] <= 2.01 + near[i], $"{ids[i]}: {signs[ids[i]]} positions have another sign, more than lie within rounding of zero.");
        }
    }

    private static void RequireStatistics(MemoryRecord memory, Dictionary<string, float[]> golden, int at)
    {
        NeuronStatistics got = memory.Statistics;
        void Near(string name, double value, double tolerance, double scale)
            => Assert.True(Math.Abs(value - golden[name][at]) <= tolerance * scale || (double.IsNaN(value) && float.IsNaN(golden[name][at])), $"{memory.Id} {name}: {value}, golden {golden[name][at]}.");

        Near("mean", got.Mean, 1e-4, Math.Abs(golden["mean"][at]) + 1e-9);
        Near("variance", got.Variance, 1e-4, golden["variance"][at] + 1e-12);
        Near("min", got.Min, 1e-4, Math.Max(Math.Abs(golden["min"][at]), 1e-3));
        Near("max", got.Max, 1e-4, Math.Max(Math.Abs(golden["max"][at]), 1e-3));
        if (got.PositiveCount >= 100)
        {
            Near("skewness", got.Skewness, 1e-3, Math.Abs(golden["skewness"][at]));
            Near("excess_kurtosis", got.ExcessKurtosis, 1e-3, Math.Abs(golden["excess_kurtosis"][at]));
        }
    }
}
