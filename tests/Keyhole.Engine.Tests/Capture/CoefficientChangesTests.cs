using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Capture;

/// <summary>What follows from a change of a coefficient, held against the algebra of a layer; the twin of the whole pass has its own tests.</summary>
public sealed class CoefficientChangesTests : IDisposable
{
    private static readonly int[] s_text = [5, 17, 3, 40, 9, 22, 7];
    private readonly TestSupport.TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama")]
    [InlineData("opt")]
    [InlineData("mixtral")]
    public void Setting_a_coefficient_adds_the_difference_times_the_value(string kind)
    {
        using Model model = Open(kind);
        SiteCapture plain = Run(model, [s_text]);
        int width = model.Spec.Width;
        FeedForwardSpec layer = model.Spec.Blocks[1].FeedForward;
        for (int row = 0; row < s_text.Length; row++)
        {
            float[] m = RowOf(plain.Values(Site.MlpPost, 1), row, layer.MemoryCount);
            float[] router = layer.Router is null ? [1] : RowOf(plain.Values(Site.ExpertWeights, 1), row, layer.Experts.Length);
            int memory = Enumerable.Range(0, m.Length).First(i => i % 11 == 3 && router[i / layer.ExpertSize] != 0);
            SiteCapture changed = Run(model, [s_text], new CoefficientChange(1, memory, row, CoefficientOperation.Set, 2.5f));
            float[] value = Value(model, 1, memory);
            float[] before = plain.Values(Site.MlpOut, 1);
            float[] after = changed.Values(Site.MlpOut, 1);
            for (int i = 0; i < before.Length; i++)
            {
                double added = i / width == row ? (2.5 - m[memory]) * router[memory / layer.ExpertSize] * value[i % width] : 0;
                Assert.Equal(before[i] + added, after[i], 1e-5);
            }

            Assert.Equal(2.5f, changed.Values(Site.MlpPost, 1)[(row * layer.MemoryCount) + memory]);
            Assert.Equal(plain.Values(Site.MlpPre, 1), changed.Values(Site.MlpPre, 1));   // what is set is the coefficient, behind the activation
        }
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("opt")]
    [InlineData("mixtral")]
    public void Changes_that_change_nothing_change_no_bit(string kind)
    {
        using Model model = Open(kind);
        SiteCapture plain = Run(model, [s_text]);
        var same = new List<CoefficientChange>();
        for (int layer = 0; layer < model.Spec.LayerCount; layer++)
        {
            int memories = model.Spec.Blocks[layer].FeedForward.MemoryCount;
            float[] m = plain.Values(Site.MlpPost, layer);
            for (int i = 0; i < m.Length; i++)
            {
                same.Add(new CoefficientChange(layer, i % memories, i / memories, i % 2 == 0 ? CoefficientOperation.Set : CoefficientOperation.Scale, i % 2 == 0 ? m[i] : 1));
            }
        }

        RequireSame(plain, Run(model, [s_text], [.. same]));
        RequireSame(plain, Run(model, [s_text], []));
    }

    [Fact]
    public void Scaling_by_zero_is_setting_to_zero_and_a_later_layer_sees_it()
    {
        using Model model = Open("llama");
        int[] memories = [0, 7, 39];
        CoefficientChange[] off = [.. memories.Select(memory => new CoefficientChange(0, memory, 2, CoefficientOperation.Set, 0))];
        CoefficientChange[] scaled = [.. off.Reverse().Select(change => change with { Operation = CoefficientOperation.Scale })];
        SiteCapture plain = Run(model, [s_text]);
        SiteCapture one = Run(model, [s_text], off);
        RequireSame(one, Run(model, [s_text], scaled));
        float[] before = plain.Values(Site.ResidPre, 1);
        float[] after = one.Values(Site.ResidPre, 1);
        int width = model.Spec.Width;
        Assert.Equal(before[..(2 * width)], after[..(2 * width)]);
        Assert.Equal(before[(3 * width)..], after[(3 * width)..]);
        Assert.NotEqual(before[(2 * width)..(3 * width)], after[(2 * width)..(3 * width)]);
        Assert.NotEqual(plain.Values(Site.ResidPost, 1)[^width..], one.Values(Site.ResidPost, 1)[^width..]);   // through attention of layer 1
        Assert.Equal(plain.Values(Site.MlpPost, 0)[..40], one.Values(Site.MlpPost, 0)[..40]);
    }

    [Fact]
    public void Changes_of_one_coefficient_are_made_in_their_order()
    {
        using Model model = Open("opt");
        CoefficientChange set = new(0, 5, 1, CoefficientOperation.Set, 3);
        CoefficientChange scale = new(0, 5, 1, CoefficientOperation.Scale, 2);
        CoefficientChange add = new(0, 5, 1, CoefficientOperation.Add, 1);
        float At(params CoefficientChange[] changes) => Run(model, [s_text], changes).Values(Site.MlpPost, 0)[40 + 5];
        Assert.Equal((7, 8, 3), (At(set, scale, add), At(set, add, scale), At(add, scale, set)));
    }

    [Fact]
    public void Batches_threads_tiles_and_streaming_change_no_bit()
    {
        using Model model = Model.Open(TinyModel.Llama(layers: 2, memories: 300, context: 600).Write(_folder.File("long")));
        var random = new Random(4);
        int[][] texts = [.. new[] { 550, 3, 240, 1 }.Select(length => Enumerable.Range(0, length).Select(_ => random.Next(260)).ToArray())];
        CoefficientChange[] changes = [.. Enumerable.Range(0, 500).Select(i => new CoefficientChange(i % 2, random.Next(300), random.Next(550), (CoefficientOperation)(i % 3), random.NextSingle()))];
        SiteCapture expected = Run(model, [texts[0]], changes);
        foreach ((int threads, bool keep) in new[] { (1, false), (3, true) })
        {
            SiteCapture got = Run(model, [texts[1], texts[0], texts[2], texts[3]], [.. changes.Select(change => change with { Row = change.Row + 3 })], threads, keep);
            foreach (((string _, long[] shape, float[] alone), (string name, long[] _, float[] packed)) in expected.Captured().Zip(got.Captured()))
            {
                int width = (int)shape[1];
                Assert.True(alone.AsSpan().SequenceEqual(packed.AsSpan(3 * width, 550 * width)), name);
            }
        }
    }

    [Fact]
    public void A_memory_of_an_expert_that_a_row_did_not_choose_has_no_coefficient_there()
    {
        using Model model = Open("mixtral");
        SiteCapture plain = Run(model, [s_text]);
        FeedForwardSpec layer = model.Spec.Blocks[0].FeedForward;
        float[] router = plain.Values(Site.ExpertWeights, 0);
        CoefficientChange[] idle = [.. Enumerable.Range(0, router.Length).Where(i => router[i] == 0)
            .Select(i => new CoefficientChange(0, (i % layer.Experts.Length * layer.ExpertSize) + 1, i / layer.Experts.Length, CoefficientOperation.Set, 100))];
        Assert.NotEmpty(idle);
        RequireSame(plain, Run(model, [s_text], idle));
    }

    [Fact]
    public void A_pass_that_ends_early_shows_the_change()
    {
        using Model model = Open("llama");
        var changes = new CoefficientChanges(model.Spec, [new(1, 3, 2, CoefficientOperation.Set, 9), new(0, 3, 0, CoefficientOperation.Set, 9)]);
        SiteCapture whole = Run(model, [s_text], [new(1, 3, 2, CoefficientOperation.Set, 9), new(0, 3, 0, CoefficientOperation.Set, 9)]);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        foreach (string site in (string[])["blocks.1.mlp.hook_post", "blocks.1.hook_mlp_out", "blocks.0.mlp.hook_post"])
        {
            var capture = new SiteCapture(model.Spec, s_text.Length, [site]);
            pass.Run(TokenBatch.OfText(s_text), capture, changes, TestContext.Current.CancellationToken);
            (string name, long[] _, float[] values) = Assert.Single(capture.Captured());
            Assert.Equal(whole.Captured().Single(captured => captured.Name == name).Values, values);
        }
    }

    [Fact]
    public void Changes_that_cannot_be_are_refused()
    {
        using Model model = Open("opt");
        CoefficientChange good = new(1, 39, 6, CoefficientOperation.Add, 1);
        _ = new CoefficientChanges(model.Spec, [good]);
        foreach (CoefficientChange bad in new[]
        {
            good with { Layer = 2 }, good with { Layer = -1 }, good with { Memory = 40 }, good with { Memory = -1 }, good with { Row = -1 },
            good with { Value = float.NaN }, good with { Value = float.NegativeInfinity }, good with { Operation = (CoefficientOperation)3 },
        })
        {
            Assert.Throws<ArgumentException>(() => new CoefficientChanges(model.Spec, [bad]));
        }
    }

    [Fact]
    public void A_coefficient_that_no_residual_can_hold_is_named()
    {
        using Model model = Open("opt");
        CoefficientChange[] all = [.. Enumerable.Range(0, 40).Select(memory => new CoefficientChange(1, memory, 4, CoefficientOperation.Set, float.MaxValue))];
        NotFiniteException error = Assert.Throws<NotFiniteException>(() => Run(model, [[1, 2], s_text], all));
        Assert.Equal((1, 1), (error.Layer, error.Text));
    }

    private static void RequireSame(SiteCapture expected, SiteCapture got)
    {
        foreach ((var first, var second) in expected.Captured().Zip(got.Captured()))
        {
            Assert.Equal(first.Values, second.Values);
        }
    }

    private static float[] RowOf(float[] values, int row, int width) => values[(row * width)..((row + 1) * width)];

    private static float[] Value(Model model, int layer, int memory)
    {
        using var buffer = new AlignedBuffer(model.Spec.Width);
        MatrixView value = buffer.Matrix(1, model.Spec.Width);
        MemoryVectors.ReadValues(model, layer, memory, value);
        return value.Row(0).ToArray();
    }

    private static SiteCapture Run(Model model, int[][] texts, params CoefficientChange[] changes) => Run(model, texts, changes, threads: 2, keep: true);

    private static SiteCapture Run(Model model, int[][] texts, CoefficientChange[] changes, int threads, bool keep)
    {
        int[] ids = [.. texts.SelectMany(text => text)];
        int[] starts = [0, .. texts.Select((_, i) => texts.Take(i + 1).Sum(text => text.Length))];
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = threads, KeepLayers = keep });
        var capture = new SiteCapture(model.Spec, ids.Length, ["*"]);
        pass.Run(new TokenBatch(ids, starts), capture, new CoefficientChanges(model.Spec, changes), TestContext.Current.CancellationToken);
        return capture;
    }

    private Model Open(string kind)
    {
        TinyModel model = kind switch
        {
            "llama" => TinyModel.Llama(),
            "opt" => TinyModel.Opt(activation: "gelu"),
            _ => TinyModel.Mixtral(),
        };
        return Model.Open(model.Write(_folder.File(kind)));
    }
}
