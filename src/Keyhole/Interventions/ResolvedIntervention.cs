using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Memories;

namespace Keyhole.Interventions;

/// <summary>An intervention on a model, with its number worked out from the study where it is relative.</summary>
public sealed class ResolvedIntervention
{
    private readonly int _memory;

    private ResolvedIntervention(Intervention wish, int memory, CoefficientOperation operation, float value)
        => (Wish, _memory, Operation, Value) = (wish, memory, operation, value);

    /// <summary>What was asked for.</summary>
    public Intervention Wish { get; }

    /// <summary>What is done to the coefficient.</summary>
    public CoefficientOperation Operation { get; }

    /// <summary>With which number.</summary>
    public float Value { get; }

    /// <summary>Works an intervention out.</summary>
    /// <param name="wish">The intervention.</param>
    /// <param name="spec">The model.</param>
    /// <param name="statistics">Statistics of a memory in the study; null where it has none. Asked for relative numbers only.</param>
    /// <exception cref="InputRefusedException">KH7102: the model has no such memory; KH7103: the study does not tell the number.</exception>
    public static ResolvedIntervention Of(Intervention wish, ModelSpec spec, Func<NeuronId, NeuronStatistics?> statistics)
    {
        ArgumentNullException.ThrowIfNull(wish);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(statistics);
        NeuronId id = wish.Memory;
        if (!spec.Has(id))
        {
            throw new InputRefusedException("KH7102", string.Create(CultureInfo.InvariantCulture, $"the model has no memory {id}: {Memories(spec, id)}"));
        }

        (CoefficientOperation operation, double value) = wish.Kind switch
        {
            InterventionKind.Scale => (CoefficientOperation.Scale, wish.Value),
            InterventionKind.Add => (CoefficientOperation.Add, wish.Value),
            InterventionKind.Max => (CoefficientOperation.Set, wish.Value * Largest(Known(id, statistics))),
            InterventionKind.Min => (CoefficientOperation.Set, wish.Value * Smallest(Known(id, statistics))),
            InterventionKind.Quantile => (CoefficientOperation.Set, Known(id, statistics).Statistics.Quantile(wish.Value)),
            _ => (CoefficientOperation.Set, wish.Value),
        };
        return double.IsFinite(value) && Math.Abs(value) <= float.MaxValue
            ? new ResolvedIntervention(wish, spec.Blocks[id.Layer].FeedForward.NumberOf(id), operation, (float)value)
            : throw new InputRefusedException("KH7103", string.Create(CultureInfo.InvariantCulture, $"'{wish}' comes to {value}, which is no number that a coefficient can be."));
    }

    /// <summary>Refuses positions that a text does not have.</summary>
    /// <param name="tokens">Tokens of the text.</param>
    /// <exception cref="InputRefusedException">KH7104: a position is not in the text.</exception>
    public void RequireFits(int tokens)
    {
        if (Wish.Positions.Length > 0 && Wish.Positions[^1] >= tokens)
        {
            throw new InputRefusedException("KH7104", string.Create(CultureInfo.InvariantCulture, $"'{Wish}' names position {Wish.Positions[^1]}, but the text that is run has positions 0 to {tokens - 1}."));
        }
    }

    /// <summary>The changes of a text's coefficients, position by position.</summary>
    /// <param name="firstRow">Row of the batch where the text begins.</param>
    /// <param name="given">Tokens that were given.</param>
    /// <param name="tokens">Tokens of the text: those that were given and any generated since.</param>
    public IEnumerable<CoefficientChange> Changes(int firstRow, int given, int tokens)
    {
        IEnumerable<int> positions = Wish.Place switch
        {
            InterventionPlace.All => Enumerable.Range(0, tokens),
            InterventionPlace.Last => [given - 1],
            _ => Wish.Positions,
        };
        return positions.Select(position => new CoefficientChange(Wish.Memory.Layer, _memory, firstRow + position, Operation, Value));
    }

    private static (NeuronId Id, NeuronStatistics Statistics) Known(NeuronId id, Func<NeuronId, NeuronStatistics?> statistics)
        => statistics(id) is { Count: > 0 } known
            ? (id, known)
            : throw new InputRefusedException("KH7103", $"the study has no coefficients of {id} to measure by: give a number, as in {id}:set:1.");

    private static double Largest((NeuronId Id, NeuronStatistics Statistics) memory) => memory.Statistics.Max > 0
        ? memory.Statistics.Max
        : throw new InputRefusedException("KH7103", $"{memory.Id} has no coefficient above zero in the study, so no multiple of its largest: give a number, as in {memory.Id}:set:1.");

    private static double Smallest((NeuronId Id, NeuronStatistics Statistics) memory) => memory.Statistics.Min < 0
        ? memory.Statistics.Min
        : throw new InputRefusedException("KH7103", $"{memory.Id} has no coefficient below zero in the study, so no multiple of its smallest: give a number, as in {memory.Id}:set:-1.");

    private static string Memories(ModelSpec spec, NeuronId id)
    {
        if ((uint)id.Layer >= (uint)spec.LayerCount)
        {
            return string.Create(CultureInfo.InvariantCulture, $"its layers are 0 to {spec.LayerCount - 1}.");
        }

        FeedForwardSpec layer = spec.Blocks[id.Layer].FeedForward;
        return layer.Router is null
            ? string.Create(CultureInfo.InvariantCulture, $"those of layer {id.Layer} are L{id.Layer}N0 to L{id.Layer}N{layer.ExpertSize - 1}.")
            : string.Create(CultureInfo.InvariantCulture, $"those of layer {id.Layer} are L{id.Layer}E0N0 to L{id.Layer}E{layer.Experts.Length - 1}N{layer.ExpertSize - 1}.");
    }
}
