using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Mining.Sampling;
using Keyhole.Studies;

namespace Keyhole.Verification.Studies;

/// <summary>Takes units of a study through the model once more, by the rules that it was mined by.</summary>
internal sealed class Remining : IDisposable
{
    private readonly ForwardPass _pass;
    private readonly MiningPass _mining;
    private readonly MemoryPlan _plan;
    private readonly int _layers;

    /// <param name="model">The model.</param>
    /// <param name="provenance">Where the study comes from.</param>
    /// <param name="rules">Its rules.</param>
    /// <param name="layers">The layers that it has, ascending.</param>
    /// <param name="longest">Tokens of the longest unit.</param>
    /// <param name="nulls">Nulls to mine with the memories.</param>
    /// <param name="random">Random positions at which coefficients are kept.</param>
    /// <param name="options">Threads and memory.</param>
    /// <exception cref="InputRefusedException">KH7501, KH7502: the study says that a null was mined that cannot be.</exception>
    public Remining(
        Model model, StudyProvenance provenance, MiningRules rules, IReadOnlyList<int> layers, int longest, IReadOnlyList<NullKind> nulls, IReadOnlyList<RandomPosition> random, StudyVerificationOptions options)
    {
        foreach (NullKind kind in nulls)
        {
            MinedNull.RequirePossible(kind, model.Spec, rules);
        }

        _layers = layers[^1] + 1;
        _plan = MemoryPlan.Make(model.Spec, layers, rules, options.Threads, provenance.Shape.VocabularySize, longest, options.Memory, chunkTokens: null, nulls);
        var pass = new ForwardOptions { Threads = options.Threads, KeepLayers = _plan.KeepsLayers };
        long candidates = provenance.Candidates;
        _mining = new MiningPass(
            layers,
            new MiningObserver(model.Spec, layers, rules, options.Threads, candidates, random: random),
            [.. nulls.Select(kind => new MinedNull(kind, model, layers, rules, NullStudy.SeedOf(provenance), pass, candidates, random))]);
        _pass = new ForwardPass(model, pass);
    }

    /// <summary>What was mined of the memories, or of a null.</summary>
    /// <param name="kind">The null; null for the memories.</param>
    public MiningObserver Observer(NullKind? kind) => kind is null ? _mining.Memories : _mining.Nulls.Single(mined => mined.Kind == kind).Observer;

    /// <summary>Mines units.</summary>
    /// <param name="units">The units in order.</param>
    /// <param name="startsWithBos">Whether token 0 of each is BOS.</param>
    /// <param name="tokens">Tokens of all of them.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="NotFiniteException">The model gives NaN or infinity.</exception>
    public void Run(IEnumerable<StudyUnit> units, bool startsWithBos, long tokens, IProgress<double>? progress, CancellationToken cancellation)
    {
        _pass.Prepare(_layers - 1, cancellation);
        long done = 0;
        var ids = new List<int>();
        var starts = new List<int> { 0 };
        var numbers = new List<int>();
        foreach (StudyUnit unit in units)
        {
            if (ids.Count > 0 && ids.Count + unit.Tokens.Length > _plan.ChunkTokens)
            {
                RunChunk();
            }

            ids.AddRange(unit.Tokens);
            starts.Add(ids.Count);
            numbers.Add(unit.Index);
        }

        if (ids.Count > 0)
        {
            RunChunk();
        }

        void RunChunk()
        {
            var chunk = new MiningChunk(new TokenBatch([.. ids], [.. starts]), [.. numbers], [.. numbers.Select(_ => startsWithBos)]);
            _mining.Begin(chunk, firstLayer: 0, layer => progress?.Report((done + ((double)chunk.Batch.RowCount * (layer + 1) / _layers)) / tokens));
            _pass.Run(chunk.Batch, _mining, cancellation);
            done += chunk.Batch.RowCount;
            ids.Clear();
            starts.Clear();
            starts.Add(0);
            numbers.Clear();
        }
    }

    public void Dispose()
    {
        _pass.Dispose();
        _mining.Dispose();
    }
}
