using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Models.Families;
using Keyhole.Engine.Tests.Models.Reference;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Models;

/// <summary>Every site of small random models against the double-precision twin.</summary>
public sealed class ForwardPassTwinTests : IDisposable
{
    private static readonly Lazy<(string Name, TinyModel Model)[]> s_models = new(() => [.. Models()]);

    private readonly TestSupport.TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. s_models.Value.Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_site_agrees(string name)
    {
        TinyModel tiny = s_models.Value.Single(entry => entry.Name == name).Model;
        using Model model = Model.Open(tiny.Write(_folder.File("model")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        var random = new Random(7);
        foreach (int length in new[] { 1, 2, 17, model.Spec.ContextLength }.Where(length => length <= model.Spec.ContextLength))
        {
            int[] ids = [.. Enumerable.Range(0, length).Select(_ => random.Next(model.Spec.VocabularySize))];
            var capture = new SiteCapture(model.Spec, length, ["*"]);
            pass.Run(TokenBatch.OfText(ids), capture, TestContext.Current.CancellationToken);
            var expected = new TransformerTwin(model.Spec, model.Checkpoint).Run(ids);
            Assert.Equal(expected.Count, capture.Captured().Count());
            foreach (((Site site, int layer), double[][] rows) in expected)
            {
                Compare($"{name}, {length} tokens, {SiteName.Of(site, layer)}", rows, capture.Values(site, layer));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_site_agrees_under_changes_of_coefficients(string name)
    {
        TinyModel tiny = s_models.Value.Single(entry => entry.Name == name).Model;
        using Model model = Model.Open(tiny.Write(_folder.File("model")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        var random = new Random(8);
        int length = Math.Min(17, model.Spec.ContextLength);
        int[] ids = [.. Enumerable.Range(0, length).Select(_ => random.Next(model.Spec.VocabularySize))];
        CoefficientChange[] changes = [.. Enumerable.Range(0, 60).Select(i =>
        {
            int layer = random.Next(model.Spec.LayerCount);
            return new CoefficientChange(layer, random.Next(model.Spec.Blocks[layer].FeedForward.MemoryCount), random.Next(length), (CoefficientOperation)(i % 3), (random.NextSingle() * 4) - 2);
        })];
        var plain = new SiteCapture(model.Spec, length, ["*"]);
        var changed = new SiteCapture(model.Spec, length, ["*"]);
        pass.Run(TokenBatch.OfText(ids), plain, TestContext.Current.CancellationToken);
        pass.Run(TokenBatch.OfText(ids), changed, new CoefficientChanges(model.Spec, changes), TestContext.Current.CancellationToken);
        Assert.NotEqual(plain.Values(Site.Logits, model.Spec.LayerCount), changed.Values(Site.Logits, model.Spec.LayerCount));
        foreach (((Site site, int layer), double[][] rows) in new TransformerTwin(model.Spec, model.Checkpoint, changes).Run(ids))
        {
            Compare($"{name}, changed, {SiteName.Of(site, layer)}", rows, changed.Values(site, layer));
        }
    }

    [Fact]
    public void Every_family_is_among_the_models()
        => Assert.Empty(FamilyRegistry.Names.Except(s_models.Value.Select(entry => (string)entry.Model.Config["model_type"]!)));

    [Fact]
    public void Specs_say_what_the_config_says()
    {
        TinyModel llama = TinyModel.Llama(heads: 6, keyValueHeads: 3, headSize: 10);
        llama.Config["rms_norm_eps"] = 0.25;
        using Model first = Model.Open(llama.Write(_folder.File("llama")));
        AttentionSpec attention = first.Spec.Blocks[0].Attention;
        Assert.Equal((6, 3, 10, 1 / MathF.Sqrt(10)), (attention.Heads, attention.KeyValueHeads, attention.HeadSize, attention.Scoring.Scale));
        Assert.All([.. first.Spec.Blocks[1].Norms, first.Spec.Head.Norm!], norm => Assert.Equal((NormKind.RmsNorm, 0.25f), (norm.Kind, norm.Epsilon)));
        Assert.True(first.Spec.Blocks[0].FeedForward.IsGated);

        using Model second = Model.Open(TinyModel.Opt().Write(_folder.File("opt")));
        Assert.All([.. second.Spec.Blocks[1].Norms, second.Spec.Head.Norm!], norm => Assert.Equal((NormKind.LayerNorm, 1e-5f), (norm.Kind, norm.Epsilon)));
        Assert.Equal((2, 66), (second.Spec.Embedding.PositionOffset, second.Spec.Embedding.PositionRows));
        Assert.False(second.Spec.Blocks[0].FeedForward.IsGated);
    }

    [Fact]
    public void Fairseqs_arguments_have_its_defaults()
    {
        TinyModel tiny = TinyModel.Fairseq("paper, final norm");
        tiny.Config.Remove("tokens_per_sample");
        using Model model = Model.Open(tiny.Write(_folder.File("fairseq")));
        Assert.Equal((1024, 2, true), (model.Spec.ContextLength, model.Spec.Embedding.PositionOffset, model.Spec.Embedding.SinusoidalPositions));
        Assert.Equal((260, 3, 2), (model.Spec.VocabularySize, model.Spec.Embedding.Bands.Length, model.Spec.Head.Adaptive!.Tails.Length));
        Assert.NotNull(model.Spec.Head.Norm);

        // Checkpoints of version 2 and before had no norm after the layers, whatever the arguments say.
        tiny.Tensors["decoder.version"] = ([1], [2]);
        tiny.Tensors.Remove("decoder.layer_norm.weight");
        tiny.Tensors.Remove("decoder.layer_norm.bias");
        using Model earlier = Model.Open(tiny.Write(_folder.File("earlier")));
        Assert.Null(earlier.Spec.Head.Norm);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<(string Name, TinyModel Model)> Models()
    {
        yield return ("llama", TinyModel.Llama());
        yield return ("llama, all biases, tied", TinyModel.Llama(attentionBias: true, memoryBias: true, tied: true));
        yield return ("llama, one head", TinyModel.Llama(heads: 1, keyValueHeads: 1, headSize: 34, width: 37, memories: 51, activation: "gelu_pytorch_tanh"));
        yield return ("llama, one key-value head", TinyModel.Llama(heads: 5, keyValueHeads: 1, headSize: 4, width: 20, memories: 7, layers: 3));
        yield return ("llama, memories over one tile", TinyModel.Llama(memories: 300, layers: 1, activation: "relu"));
        foreach (string kind in (string[])["linear", "dynamic", "yarn", "llama3"])
        {
            yield return ("llama, rope " + kind, Scaled(kind));
        }

        yield return ("opt", TinyModel.Opt());
        yield return ("opt, norms after, projections (as opt-350m)", TinyModel.Opt(normBefore: false, embeddingWidth: 10));
        yield return ("opt, no bias, no gain, untied", TinyModel.Opt(bias: false, affine: false, tied: false, activation: "gelu"));
        yield return ("opt, no final norm, odd sizes", TinyModel.Opt(removeFinalNorm: true, width: 33, heads: 3, memories: 19, context: 5, activation: "gelu_new"));
        foreach (string kind in TinyModel.FairseqKinds)
        {
            yield return ("fairseq, " + kind, TinyModel.Fairseq(kind, activation: kind == "plain" ? "gelu_fast" : "relu"));
        }

        yield return ("opt, one head", TinyModel.Opt(heads: 1, width: 70, memories: 257, layers: 1));
        foreach ((string Name, TinyModel Model) variant in FamilyVariants.All)
        {
            yield return variant;
        }
    }

    private static TinyModel Scaled(string kind)
    {
        TinyModel model = TinyModel.Llama(headSize: 8);
        model.Config["rope_scaling"] = new Dictionary<string, object>
        {
            ["rope_type"] = kind,
            ["factor"] = 3.0,
            ["original_max_position_embeddings"] = 20,
            ["low_freq_factor"] = 1.0,
            ["high_freq_factor"] = 4.0,
        };
        return model;
    }

    private static void Compare(string what, double[][] expected, float[] got)
    {
        double[] flat = [.. expected.SelectMany(row => row)];
        Assert.Equal(flat.Length, got.Length);
        double largest = flat.Max(Math.Abs);
        for (int i = 0; i < flat.Length; i++)
        {
            Assert.True(Math.Abs(flat[i] - got[i]) <= 2e-5 * largest, $"{what} [{i}]: {got[i]}, twin {flat[i]} (largest {largest}).");
        }
    }
}
