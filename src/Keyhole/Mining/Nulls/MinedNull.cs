using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Mining.Sampling;

namespace Keyhole.Mining.Nulls;

/// <summary>A null that is mined in the pass of the memories: its coefficients and what is kept of them.</summary>
internal sealed class MinedNull : IDisposable
{
    private readonly INullCoefficients _coefficients;

    /// <param name="kind">The null.</param>
    /// <param name="model">The model.</param>
    /// <param name="layers">Layers to mine.</param>
    /// <param name="rules">What competes.</param>
    /// <param name="seed">Seed of the null.</param>
    /// <param name="pass">Workers of the pass, and whether it keeps layers.</param>
    /// <param name="candidates">N, the candidate positions of the whole corpus.</param>
    /// <param name="random">Random positions of it at which coefficients are kept.</param>
    public MinedNull(NullKind kind, Model model, IReadOnlyCollection<int> layers, MiningRules rules, ulong seed, ForwardOptions pass, long candidates, IEnumerable<RandomPosition> random)
    {
        Kind = kind;
        _coefficients = kind == NullKind.Directions
            ? new RandomDirections(model, seed, pass.Threads, pass.KeepLayers)
            : new RandomRotations(model.Spec, seed, pass.Threads);
        Observer = new MiningObserver(model.Spec, layers, rules, pass.Threads, candidates, kind == NullKind.Directions, random);
    }

    /// <summary>The null.</summary>
    public NullKind Kind { get; }

    /// <summary>What is kept.</summary>
    public MiningObserver Observer { get; }

    /// <summary>Bytes that a worker needs for a null beside its totals, of a layer.</summary>
    public static long WorkerBytes(NullKind kind, FeedForwardSpec layer)
    {
        long tile = NullScratch.Bytes(ForwardPass.TileRows, ForwardPass.TileMemories);
        return kind == NullKind.Directions ? 3 * tile : tile + NullScratch.Bytes(ForwardPass.TileRows, layer.MemoryCount);
    }

    /// <summary>Whether coefficients of a null have a gate.</summary>
    public static bool HasGates(NullKind kind, FeedForwardSpec layer) => kind == NullKind.Directions && layer.IsGated;

    /// <summary>Refuses a null that a model or the rules do not allow.</summary>
    /// <param name="kind">The null.</param>
    /// <param name="spec">The model.</param>
    /// <param name="rules">What competes.</param>
    /// <exception cref="InputRefusedException">KH7501: coefficients of a mixture cannot be rotated; KH7502: a rotated memory has no pre-activation.</exception>
    public static void RequirePossible(NullKind kind, ModelSpec spec, MiningRules rules)
    {
        if (kind != NullKind.Rotations)
        {
            return;
        }

        if (spec.Blocks.Any(block => block.FeedForward.Router is not null))
        {
            throw new InputRefusedException("KH7501", "--null rotations: this model is a mixture of experts, whose memories have no coefficient where their expert was not chosen: there is no layer of coefficients to rotate. --null directions works.");
        }

        if (rules.RankBy == RankBy.Pre)
        {
            throw new InputRefusedException("KH7502", "--null rotations with --rank-by pre: a rotated coefficient is a sum over memories and has no pre-activation to rank by. Leave one of them out.");
        }
    }

    /// <summary>Makes a layer ready.</summary>
    public void Begin(int layer) => _coefficients.Begin(layer);

    /// <summary>Mines what a tile of the model's coefficients gives rise to.</summary>
    public void Observe(in MemoryTile tile) => _coefficients.Show(tile, Observer);

    public void Dispose()
    {
        _coefficients.Dispose();
        Observer.Dispose();
    }
}
