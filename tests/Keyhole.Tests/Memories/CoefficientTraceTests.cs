using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Memories;

/// <summary>Coefficients of one memory are those of a capture of everything.</summary>
public class CoefficientTraceTests
{
    private static readonly int[][] s_texts = [[3, 9, 27, 81], [5], [], [250, 7, 7, 7, 200, 13, 44, 90, 91, 92, 17], [3, 9, 28]];

    [Theory]
    [InlineData("opt")]
    [InlineData("llama")]
    [InlineData("mixtral")]
    public void They_are_the_same_bits_as_a_capture(string family)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Open(Of(family).Write(folder.File(family)));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        for (int layer = 0; layer < model.Spec.LayerCount; layer++)
        {
            foreach (NeuronId id in model.Spec.NamesOf(layer).Where((_, number) => number % 97 == 0))
            {
                float[][] traced = CoefficientTrace.Run(pass, model.Spec, id, [.. s_texts.Select(text => (ReadOnlyMemory<int>)text)], TestContext.Current.CancellationToken);
                Assert.Equal(s_texts.Select(text => text.Length), traced.Select(values => values.Length));
                for (int text = 0; text < s_texts.Length; text++)
                {
                    if (s_texts[text].Length > 0)
                    {
                        Assert.Equal(Captured(pass, model.Spec, id, s_texts[text]), traced[text]);
                    }
                }
            }
        }
    }

    [Fact]
    public void Of_the_last_layer_only_the_tiles_that_are_wanted_are_computed()
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Open(TinyModel.Llama(memories: 700).Write(folder.File("wide")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        var observer = new Watch(layer: 1, memory: 300);
        pass.Run(TokenBatch.OfText(s_texts[0]), observer, TestContext.Current.CancellationToken);
        Assert.Equal([256], observer.Shown);
        var earlier = new Watch(layer: 0, memory: 699);
        pass.Run(TokenBatch.OfText(s_texts[0]), earlier, TestContext.Current.CancellationToken);
        Assert.Equal([512], earlier.Shown);
    }

    [Fact]
    public void A_memory_of_another_model_is_an_error()
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Open(Of("opt").Write(folder.File("opt")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        Assert.Throws<ArgumentException>(() => CoefficientTrace.Run(pass, model.Spec, new NeuronId(0, 5000), [s_texts[0]], TestContext.Current.CancellationToken));
    }

    internal static TinyModel Of(string family) => family switch
    {
        "opt" => TinyModel.Opt(memories: 300),
        "llama" => TinyModel.Llama(memories: 300),
        "gemma2" => TinyModel.Gemma2(),
        _ => TinyModel.Mixtral(memories: 300),
    };

    private static float[] Captured(ForwardPass pass, ModelSpec spec, NeuronId id, int[] text)
    {
        var capture = new SiteCapture(spec, text.Length, [SiteName.Of(Site.MlpPost, id.Layer)]);
        pass.Run(TokenBatch.OfText(text), capture, TestContext.Current.CancellationToken);
        FeedForwardSpec layer = spec.Blocks[id.Layer].FeedForward;
        float[] all = capture.Values(Site.MlpPost, id.Layer);
        return [.. text.Select((_, row) => all[(row * layer.MemoryCount) + layer.NumberOf(id)])];
    }

    private sealed class Watch(int layer, int memory) : IForwardObserver
    {
        public List<int> Shown { get; } = [];

        public SiteSet Sites(int asked) => asked == layer ? SiteSet.Of(Site.MlpPost) : SiteSet.None;

        public bool WantsMemories(int asked, int first, int count) => memory >= first && memory < first + count;

        public void Observe(Site site, int shown, int firstRow, Engine.Numerics.MatrixView values)
        {
        }

        public void ObserveMemories(in MemoryTile tile) => Shown.Add(tile.FirstMemory);

        public void LayerDone(int done)
        {
        }
    }
}
