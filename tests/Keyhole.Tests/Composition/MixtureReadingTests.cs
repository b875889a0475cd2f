using Keyhole.Composition;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.TestSupport;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Composition;

/// <summary>Coefficients and values of experts, which count through all experts and come for the rows that chose them only: shared/conformance/architectures.</summary>
public sealed class MixtureReadingTests
{
    private static readonly int[][] s_texts = [[5, 17, 3, 40, 9, 22, 7], [11], [8, 8, 30, 2, 19, 41, 13, 6, 33, 27, 4]];

    [Theory]
    [InlineData("mixtral")]
    [InlineData("olmoe")]
    public void Coefficients_at_the_ends_of_texts_carry_the_routers_weight(string name)
    {
        using Model model = Model.Open(SharedData.Require("conformance", "architectures", name));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        var rows = new CoefficientRows(model.Spec, s_texts.Length);
        using var states = new LastStates(model.Spec, s_texts.Length, rows);
        TokenBatch batch = TextBlocks.Pack(s_texts);
        states.Begin(batch);
        pass.Run(batch, states, TestContext.Current.CancellationToken);
        for (int text = 0; text < s_texts.Length; text++)
        {
            SiteCapture sites = Capture(model, pass, s_texts[text]);
            for (int layer = 0; layer < model.Spec.LayerCount; layer++)
            {
                FeedForwardSpec spec = model.Spec.Blocks[layer].FeedForward;
                float[] m = sites.Values(Site.MlpPost, layer)[^spec.MemoryCount..];
                float[] router = sites.Values(Site.ExpertWeights, layer)[^spec.Experts.Length..];
                Assert.Equal(spec.ExpertsUsed, router.Count(weight => weight != 0));
                float[] got = rows.Row(layer, text).ToArray();
                Assert.All(Enumerable.Range(0, m.Length), i => Assert.Equal(m[i] * router[i / spec.ExpertSize], got[i], 1e-6f));
            }
        }
    }

    [Theory]
    [InlineData("mixtral")]
    [InlineData("olmoe")]
    public void Probes_and_values_find_the_memory_of_an_expert(string name)
    {
        using Model model = Model.Open(SharedData.Require("conformance", "architectures", name));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        FeedForwardSpec spec = model.Spec.Blocks[1].FeedForward;
        var probe = new CoefficientProbe(model.Spec);
        NeuronId[] ids = [.. Enumerable.Range(0, spec.Experts.Length).Select(expert => new NeuronId(1, 3 + expert, expert))];
        var expected = new List<float>();
        foreach (int[] text in s_texts)
        {
            float[] m = Capture(model, pass, text).Values(Site.MlpPost, 1);
            for (int row = 0; row < text.Length; row++)
            {
                foreach (NeuronId id in ids)
                {
                    Assert.Equal(expected.Count, probe.Ask(text, row, id, 0));
                    expected.Add(m[(row * spec.MemoryCount) + spec.NumberOf(id)]);
                }
            }
        }

        Assert.Throws<ArgumentException>(() => probe.Ask(s_texts[0], 0, new NeuronId(1, 0), 0));
        float[] got = probe.Run(model, 2, progress: null, TestContext.Current.CancellationToken);
        Assert.All(expected.Zip(got), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        Assert.Contains(0f, got);   // an expert that was not chosen

        var none = new PoleTriggers(null, []);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(model, [.. ids.Select(id => new MemoryTriggers(id, none, none))], new ValueOptions { Top = 2, Threads = 1 }, cancellation: TestContext.Current.CancellationToken);
        var twin = new NaiveTracer(model.Path);
        foreach ((NeuronId id, ValueRecord value) in ids.Zip(values))
        {
            double[] z = twin.ReadValue(1, spec.NumberOf(id), folded: true);
            Assert.Equal(NaiveTracer.Argmax(z), value.Argmax);
            Assert.Equal(z.Max(), value.Top[0].Logit, 1e-4);
        }

        twin.Dispose();
    }

    private static SiteCapture Capture(Model model, ForwardPass pass, int[] text)
    {
        var capture = new SiteCapture(model.Spec, text.Length, ["*hook_post", "*hook_expert_weights"]);
        pass.Run(TokenBatch.OfText(text), capture, TestContext.Current.CancellationToken);
        return capture;
    }
}
