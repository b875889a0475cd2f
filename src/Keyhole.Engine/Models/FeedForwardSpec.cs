using System.Collections.Immutable;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>A bank of memories: m = f(x K^T + b), or f(x G^T + b) * (x U^T + b) where gated; y = m V + b.</summary>
/// <param name="In">Keys: W [F, D]. Of a gated bank the linear part U.</param>
/// <param name="Out">Values: W [D, F]; value i is column i.</param>
/// <param name="Gate">Gate keys G [F, D], or null where the bank is not gated.</param>
public sealed record ExpertSpec(LinearSpec In, LinearSpec Out, LinearSpec? Gate = null)
{
    internal IEnumerable<LinearSpec> Maps => new[] { Gate, In, Out }.OfType<LinearSpec>();
}

/// <summary>Chooses a few experts for each token: weights are the softmax of the router's logits over all experts, the largest are kept (the first of equals).</summary>
/// <param name="Map">Router: W [experts, D].</param>
/// <param name="Chosen">Experts of a token.</param>
/// <param name="Renormalizes">Whether the weights of the chosen are divided by their sum.</param>
public sealed record RouterSpec(LinearSpec Map, int Chosen, bool Renormalizes);

/// <summary>A feed-forward layer as a memory layer: one bank of memories, or experts between which a router chooses.</summary>
/// <param name="Experts">The banks, all of one size; one where there is no router.</param>
/// <param name="Activation">f.</param>
/// <remarks>Memories are counted through all experts: memory e F + i is memory i of expert e.</remarks>
public sealed record FeedForwardSpec(ImmutableArray<ExpertSpec> Experts, ActivationKind Activation)
{
    /// <summary>A layer of one bank.</summary>
    /// <param name="input">Keys, or the linear part where gated.</param>
    /// <param name="output">Values.</param>
    /// <param name="gate">Gate keys, or null.</param>
    /// <param name="activation">f.</param>
    public FeedForwardSpec(LinearSpec input, LinearSpec output, LinearSpec? gate, ActivationKind activation)
        : this([new ExpertSpec(input, output, gate)], activation)
    {
    }

    /// <summary>Chooses experts; null where there is one bank that every token uses.</summary>
    public RouterSpec? Router { get; init; }

    /// <summary>F, the number of memories of one expert.</summary>
    public int ExpertSize => Experts[0].In.Outputs;

    /// <summary>The number of memories of the layer, of all its experts.</summary>
    public int MemoryCount => ExpertSize * Experts.Length;

    /// <summary>Experts that a token uses.</summary>
    public int ExpertsUsed => Router?.Chosen ?? 1;

    /// <summary>Whether coefficients are signed products of a gate and a linear part.</summary>
    public bool IsGated => Experts[0].Gate is not null;

    internal IEnumerable<(string, long[])> Tensors()
        => Experts.SelectMany(expert => expert.Maps).Concat(Router is null ? [] : [Router.Map]).SelectMany(map => map.Tensors());
}
