using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Values;

/// <summary>Values of the mini model against an independent float64 implementation (shared/conformance/mini).</summary>
public sealed class MiniValueGoldenTests(MiniStudy mini)
{
    private const int Layers = 10;
    private const int Width = 1024;
    private const int GoldenTop = 50;

    [Fact]
    public void All_values_agree()
    {
        using Study study = Study.Open(mini.Require());
        using var golden = new Golden(SharedData.Require("conformance", "mini", "golden.safetensors"));
        using Model model = Model.Open(MiniStudy.Model);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(study, model, new ValueOptions { Threads = 2 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(Layers * Width, values.Count);
        int[] argmax = golden.Integers("value.argmax");
        int[] argmin = golden.Integers("value.argmin");
        int[] top10 = golden.Integers("value.top10");
        float[] probability = golden.Floats("value.max_probability");
        float[] norm = golden.Floats("value.norm");
        float[] rank = golden.Floats("value.target_rank");
        float[] targetProbability = golden.Floats("value.target_probability");
        int[] agrees = golden.Integers("value.agrees");
        int[] agreesWithCurrent = golden.Integers("value.agrees_with_current");
        float[] precision = golden.Floats("value.precision_at_50");
        float[] coefficients = golden.Floats("trigger.coefficient");
        int[] units = golden.Integers("trigger.sentence");
        foreach (ValueRecord value in values)
        {
            int at = (value.Id.Layer * Width) + value.Id.Index;
            bool tie = value.Top.Length > 1 && value.Top[0].Logit - value.Top[1].Logit < 1e-5f * Math.Abs(value.Top[0].Logit);
            Assert.True(value.Argmax == argmax[at] || tie, $"{value.Id}: argmax {value.Argmax}, golden {argmax[at]}.");
            bool bottomTie = value.Bottom[1].Logit - value.Bottom[0].Logit < 1e-5f * Math.Abs(value.Bottom[0].Logit);
            Assert.True(value.Argmin == argmin[at] || bottomTie, $"{value.Id}: argmin {value.Argmin}, golden {argmin[at]}.");
            for (int i = 0; i < 10; i++)
            {
                // Another token may stand there only where its logit ties with its neighbour's.
                Assert.True(value.Top[i].Token == top10[(at * 10) + i] || value.Top.Any(token => token.Token == top10[(at * 10) + i] && Math.Abs(token.Logit - value.Top[i].Logit) < 1e-5f), $"{value.Id}: token {i} of the top.");
            }

            Assert.Equal(probability[at], value.MaxProbability, 1e-4 * probability[at]);
            Assert.Equal(norm[at], value.Norm, 1e-5f * norm[at]);
            RequireTrigger(study, value, at, rank[at], targetProbability[at], agrees[at], agreesWithCurrent[at], precision[at], coefficients, units);
        }
    }

    // Where several triggers lie within tolerance of the first, any of them may be first: these are passed over, and counted.
    private static void RequireTrigger(Study study, ValueRecord value, int at, float rank, float targetProbability, int agrees, int agreesWithCurrent, float precision, float[] coefficients, int[] units)
    {
        ValuePole pole = value.Positive;
        if (units[at * GoldenTop] < 0)
        {
            Assert.Null(pole.Agrees);
            Assert.True(double.IsNaN(pole.TargetRank) && double.IsNaN(pole.TargetProbability) && pole.Target < 0);
            return;
        }

        Trigger first = study.Memory(value.Id)!.Positive[0];
        float best = coefficients[at * GoldenTop];
        bool contested = units[(at * GoldenTop) + 1] >= 0 && best - coefficients[(at * GoldenTop) + 1] <= (2e-4f * best) + 4e-6f;
        if (!contested)
        {
            Assert.Equal(units[at * GoldenTop], first.Unit);
            Assert.InRange(pole.TargetRank, rank - 1 - (0.001 * rank), rank + 1 + (0.001 * rank));
            Assert.Equal(targetProbability, pole.TargetProbability, (1e-4 * targetProbability) + 1e-9);
            Assert.Equal(agrees != 0, pole.Agrees);
            Assert.Equal(agreesWithCurrent != 0, pole.AgreesWithCurrent);
        }

        // Ties at the list's end may swap one trigger for another.
        Assert.Equal(precision, pole.Precision, 1.01 / pole.PrecisionTriggers);
    }

    [Fact]
    public void The_summary_agrees()
    {
        using Study study = Study.Open(mini.Require());
        using Model model = Model.Open(MiniStudy.Model);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(study, model, new ValueOptions { Threads = 1, BatchBytes = 1 << 21 }, cancellation: TestContext.Current.CancellationToken);
        AgreementSummary summary = AgreementSummary.Of(values, study.Shape.VocabularySize, seed: 1);
        using var golden = System.Text.Json.JsonDocument.Parse(File.ReadAllText(SharedData.Require("conformance", "mini", "summary.json")));
        double[] rates = [.. golden.RootElement.GetProperty("agreement_rate").EnumerateArray().Select(rate => rate.GetDouble())];
        double[] currents = [.. golden.RootElement.GetProperty("agreement_with_current").EnumerateArray().Select(rate => rate.GetDouble())];
        Assert.Equal(Layers, summary.Layers.Length);
        foreach (LayerAgreement layer in summary.Layers)
        {
            Assert.Equal(rates[layer.Layer], layer.Agreement.Value, 0.002);
            Assert.Equal(currents[layer.Layer], layer.WithCurrent.Value, 0.002);
            Assert.InRange(layer.Shuffled.Value, layer.Shuffled.Interval.Lower - 1e-9, layer.Shuffled.Interval.Upper + 1e-9);
        }

        System.Text.Json.JsonElement confident = golden.RootElement.GetProperty("most_confident_100");
        Assert.Equal(confident.GetProperty("upper_half").GetInt32(), summary.ConfidentInUpperHalf(Layers).Count);
        Assert.Equal(confident.GetProperty("hit_in_top50").GetInt32(), summary.ConfidentHits.Count);
    }
}
