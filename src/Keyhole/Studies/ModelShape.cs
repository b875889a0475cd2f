using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Studies;

/// <summary>The shape of the model that a study was made of.</summary>
public sealed class ModelShape
{
    /// <summary>Memories in each layer (in each expert of it); shape [L], 0 for a layer without a feed-forward part.</summary>
    public required ImmutableArray<int> Widths { get; init; }

    /// <summary>D, the width of the residual stream.</summary>
    public required int ModelWidth { get; init; }

    /// <summary>Whether memories have a gate, and so a negative pole and sign cases.</summary>
    public required bool Gated { get; init; }

    /// <summary>The activation's exact name, such as <c>gelu_new</c>.</summary>
    public required string Activation { get; init; }

    /// <summary>V, the number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Experts of a layer; 0 where the model is no mixture of experts.</summary>
    public int Experts { get; init; }

    /// <summary>L, the number of layers.</summary>
    public int Layers => Widths.Length;

    /// <summary>Whether the model has a memory of this name.</summary>
    /// <param name="id">The name; of an expert where there are any.</param>
    public bool Has(NeuronId id) => (uint)id.Layer < (uint)Layers
        && (uint)id.Index < (uint)Widths[id.Layer]
        && (Experts == 0 ? id.Expert == -1 : (uint)id.Expert < (uint)Experts);
}
