using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Tests.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Models;

/// <summary>How a pass is run changes no bit of any site; what cannot be run is refused.</summary>
public sealed class ForwardPassTests : IDisposable
{
    private static readonly string[] s_all = ["*"];
    private readonly TestSupport.TemporaryFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Packing_threads_and_streaming_change_no_bit(bool gated)
    {
        TinyModel tiny = gated ? TinyModel.Llama(layers: 3, memories: 70, context: 700) : TinyModel.Opt(layers: 3, memories: 70, context: 700);
        using Model model = Model.Open(tiny.Write(_folder.File("model")));
        var random = new Random(9);
        int[][] texts = [.. new[] { 1, 700, 3, 30, 1, 1, 300, 241, 17, 90 }.Select(length => Enumerable.Range(0, length).Select(_ => random.Next(260)).ToArray())];
        Dictionary<string, float[]>[] alone = [.. texts.Select(text => Capture(model, [text], threads: 1, keep: true))];
        foreach ((int threads, bool keep, int[] order) in new (int, bool, int[])[]
        {
            (1, true, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]),
            (3, false, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]),
            (2, true, [4, 1]),
            (5, false, [0, 4, 5, 2, 8]),
        })
        {
            Dictionary<string, float[]> packed = Capture(model, [.. order.Select(text => texts[text])], threads, keep);
            int row = 0;
            foreach (int text in order)
            {
                int length = texts[text].Length;
                foreach ((string site, float[] values) in alone[text])
                {
                    int width = values.Length / length;
                    Assert.True(values.AsSpan().SequenceEqual(packed[site].AsSpan(row * width, length * width)), $"{site}, text {text}, {threads} threads.");
                }

                row += length;
            }
        }
    }

    [Fact]
    public void A_pass_can_run_again_and_stops_after_the_last_layer_asked_for()
    {
        using Model model = Model.Open(TinyModel.Llama(layers: 3).Write(_folder.File("model")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2, KeepLayers = false });
        foreach (int length in (int[])[5, 40, 2])
        {
            int[] ids = [.. Enumerable.Range(0, length)];
            var whole = new SiteCapture(model.Spec, length, s_all);
            pass.Run(TokenBatch.OfText(ids), whole, TestContext.Current.CancellationToken);
            var first = new SiteCapture(model.Spec, length, ["blocks.1.mlp.hook_post"]);
            var layers = new List<int>();
            pass.Run(TokenBatch.OfText(ids), new Recorder(first, layers), TestContext.Current.CancellationToken);
            Assert.Equal([0, 1], layers);
            Assert.Equal(whole.Values(Site.MlpPost, 1), first.Values(Site.MlpPost, 1));
        }
    }

    [Fact]
    public void Ids_and_lengths_that_the_model_has_not_are_refused()
    {
        using Model model = Model.Open(TinyModel.Opt(context: 10).Write(_folder.File("model")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        void Run(params int[] ids) => pass.Run(TokenBatch.OfText(ids), new SiteCapture(model.Spec, ids.Length, s_all));
        Refused.With("KH3007", () => Run(0, 260), "260", "0 to 259");
        Refused.With("KH3007", () => Run(-1), "-1");
        Refused.With("KH3008", () => Run(new int[11]), "11", "10");
        Run(new int[10]);
    }

    [Theory]
    [InlineData("model.layers.0.mlp.down_proj.weight", 0)]
    [InlineData("model.layers.1.self_attn.v_proj.weight", 1)]
    public void Values_that_are_not_finite_name_their_layer_and_text(string tensor, int layer)
    {
        TinyModel tiny = TinyModel.Llama();
        tiny.Tensors[tensor].Values[0] = float.NaN;
        using Model model = Model.Open(tiny.Write(_folder.File("model")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        NotFiniteException error = Assert.Throws<NotFiniteException>(() => pass.Run(TokenBatch.OfText([1, 2, 3]), new SiteCapture(model.Spec, 3, s_all)));
        Assert.Equal((layer, 0), (error.Layer, error.Text));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stopped_pass_can_be_used_again(bool keep)
    {
        using Model model = Model.Open(TinyModel.Llama(layers: 3).Write(_folder.File("model")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2, KeepLayers = keep });
        using var stop = new CancellationTokenSource();
        var batch = TokenBatch.OfText([1, 2, 3]);
        var capture = new SiteCapture(model.Spec, 3, s_all);
        Assert.ThrowsAny<OperationCanceledException>(() => pass.Run(batch, new Recorder(capture, [], stop), stop.Token));
        pass.Run(batch, capture, TestContext.Current.CancellationToken);
        Assert.Equal(Capture(model, [[1, 2, 3]], 1, true)["logits"], capture.Values(Site.Logits, 3));
    }

    [Fact]
    public void Gguf_rows_of_query_and_key_are_read_in_their_order()
    {
        // The same model twice: as safetensors, and as GGUF with query and key rows interleaved as llama.cpp's converter stores them.
        TinyModel tiny = TinyModel.Llama(layers: 1, width: 256, heads: 4, keyValueHeads: 2, headSize: 64, memories: 256, vocabulary: 8, context: 32, tied: true);
        using Model first = Model.Open(tiny.Write(_folder.File("model")));
        string path = _folder.File("model.gguf");
        File.WriteAllBytes(path, TinyGguf.Build(valuesOf: name => StoredAs(name, tiny, 64)).Build());
        using Model second = Model.Open(path);
        int[] ids = [1, 5, 2, 7, 0, 3];
        Dictionary<string, float[]> expected = Capture(first, [ids], 1, true);
        foreach ((string site, float[] values) in Capture(second, [ids], 1, true))
        {
            Assert.Equal(expected[site], values);
        }
    }

    [Fact]
    public void Batches_must_be_whole()
    {
        Assert.Throws<ArgumentException>(() => new TokenBatch([1, 2], [0]));
        Assert.Throws<ArgumentException>(() => new TokenBatch([1, 2], [1, 2]));
        Assert.Throws<ArgumentException>(() => new TokenBatch([1, 2], [0, 0, 2]));
        var batch = new TokenBatch([1, 2, 3, 4, 5], [0, 2, 3, 5]);
        Assert.Equal([0, 0, 1, 2, 2], Enumerable.Range(0, 5).Select(batch.TextOf));
        Assert.Equal((3, 2, 3), (batch.TextCount, batch.Length(2), batch.Start(2)));
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, float[]> Capture(Model model, int[][] texts, int threads, bool keep)
    {
        int[] ids = [.. texts.SelectMany(text => text)];
        var starts = new List<int> { 0 };
        starts.AddRange(texts.Select(text => text.Length));
        for (int i = 1; i < starts.Count; i++)
        {
            starts[i] += starts[i - 1];
        }

        using var pass = new ForwardPass(model, new ForwardOptions { Threads = threads, KeepLayers = keep });
        var capture = new SiteCapture(model.Spec, ids.Length, s_all);
        pass.Run(new TokenBatch(ids, [.. starts]), capture);
        return capture.Captured().ToDictionary(site => site.Name, site => site.Values);
    }

    private static float[] StoredAs(string name, TinyModel model, int headSize)
    {
        string ours = name switch
        {
            "token_embd.weight" => "model.embed_tokens.weight",
            "output_norm.weight" => "model.norm.weight",
            _ => "model.layers.0." + name["blk.0.".Length..].Replace("attn_norm", "input_layernorm", StringComparison.Ordinal).Replace("ffn_norm", "post_attention_layernorm", StringComparison.Ordinal)
                .Replace("attn_output", "self_attn.o_proj", StringComparison.Ordinal).Replace("attn_q", "self_attn.q_proj", StringComparison.Ordinal)
                .Replace("attn_k", "self_attn.k_proj", StringComparison.Ordinal).Replace("attn_v", "self_attn.v_proj", StringComparison.Ordinal)
                .Replace("ffn_gate", "mlp.gate_proj", StringComparison.Ordinal).Replace("ffn_up", "mlp.up_proj", StringComparison.Ordinal).Replace("ffn_down", "mlp.down_proj", StringComparison.Ordinal),
        };
        (long[] shape, float[] values) = model.Tensors[ours];
        if (!name.EndsWith("attn_q.weight", StringComparison.Ordinal) && !name.EndsWith("attn_k.weight", StringComparison.Ordinal))
        {
            return values;
        }

        // convert_hf_to_gguf.py, permute: reshape(heads, 2, size / 2, inputs).swapaxes(1, 2)
        int inputs = (int)shape[1];
        float[] stored = new float[values.Length];
        for (int row = 0; row < shape[0]; row++)
        {
            (int head, int within) = (row / headSize, row % headSize);
            (int half, int i) = (within / (headSize / 2), within % (headSize / 2));
            values.AsSpan(row * inputs, inputs).CopyTo(stored.AsSpan(((head * headSize) + (2 * i) + half) * inputs));
        }

        return stored;
    }

    private sealed class Recorder(SiteCapture inner, List<int> layers, CancellationTokenSource? stop = null) : IForwardObserver
    {
        public SiteSet Sites(int layer) => inner.Sites(layer);

        public void Observe(Site site, int layer, int firstRow, MatrixView values) => inner.Observe(site, layer, firstRow, values);

        public void ObserveMemories(in MemoryTile tile) => inner.ObserveMemories(tile);

        public void LayerDone(int layer)
        {
            layers.Add(layer);
            stop?.Cancel();
        }
    }
}
