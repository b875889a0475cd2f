using Keyhole.Composition;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;

namespace Keyhole.Tests.Composition;

/// <summary>A tiny model with its study, the prefixes of its texts, and what the tracer must know of its memories.</summary>
internal sealed class TinyTrace : IDisposable
{
    private readonly TinyRun _run = new();

    public TinyTrace(TinyModel model)
    {
        Folder = _run.Model(model);
        Study = TinyRun.Mine(_run.Options(Folder, _run.Corpus(TinyRun.Lines)));
        Tokenizer = TokenizerLoader.Load(Folder);
        Twin = new NaiveTracer(Folder);
        Prefixes = PrefixSource.Choose(Study, Tokenizer, Twin.Spec.ContextLength, new PrefixOptions { Count = 40, Seed = 3, Threads = 2 }).Prefixes;
        Layers = [.. Twin.Spec.Blocks.Select((block, layer) => Layer(block.FeedForward, layer))];
    }

    public string Folder { get; }

    public Study Study { get; }

    public Tokenizer Tokenizer { get; }

    public NaiveTracer Twin { get; }

    public IReadOnlyList<Prefix> Prefixes { get; }

    public IReadOnlyList<TracedLayer> Layers { get; }

    public IReadOnlyList<PrefixTrace> Trace(Readout readout = Readout.Folded, int threads = 2, int? block = null, string? folder = null, IReadOnlyList<TracedLayer>? layers = null)
    {
        using Model model = Model.Open(folder ?? Folder);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = threads });
        using var reader = new VocabularyReader(model, threads);
        return new PrefixTracer(model, pass, reader, layers ?? Layers, readout) { BlockPrefixes = block }.Trace(Prefixes, seed: 5);
    }

    /// <summary>Writes another model beside the first.</summary>
    public string Write(TinyModel model, string name) => _run.Model(model, name);

    public void Dispose()
    {
        Twin.Dispose();
        Study.Dispose();
        _run.Dispose();
    }

    private TracedLayer Layer(FeedForwardSpec spec, int layer)
    {
        int[] memories = [.. Enumerable.Range(0, spec.MemoryCount)];
        NeuronId[] names = [.. Twin.Spec.NamesOf(layer)];
        double[][] logits = [.. memories.Select(memory => Twin.ReadValue(layer, memory, folded: true))];
        return new TracedLayer(
            [.. memories.Select(memory => TracedLayer.ThresholdOf(spec, Study.Memory(names[memory])!.Statistics))],
            [.. logits.Select(NaiveTracer.Argmax)],
            [.. logits.Select(NaiveTracer.Argmin)]);
    }
}
