using Keyhole.Engine.Models;

namespace Keyhole.Mining;

/// <summary>Where the memories of a layer stand in what mining keeps of it: side by side, those of each expert from a multiple of sixteen on.</summary>
/// <param name="Experts">Experts; 1 where the layer has no router.</param>
/// <param name="Size">F, memories of one expert.</param>
internal readonly record struct MemoryColumns(int Experts, int Size)
{
    private int Stride => (Size + LayerAccumulator.Lanes - 1) / LayerAccumulator.Lanes * LayerAccumulator.Lanes;

    /// <summary>Columns up to the last memory.</summary>
    public int Count => ((Experts - 1) * Stride) + Size;

    /// <summary>Columns, rounded up to a multiple of sixteen.</summary>
    public int Padded => Experts * Stride;

    /// <summary>Columns of a layer.</summary>
    public static MemoryColumns Of(FeedForwardSpec layer) => new(layer.Experts.Length, layer.ExpertSize);

    /// <summary>The column of a memory.</summary>
    /// <param name="memory">Its number in the layer, counted through all experts.</param>
    public int ColumnOf(int memory) => (memory / Size * Stride) + (memory % Size);

    /// <summary>The expert whose memory stands in a column; 0 where the layer has no router.</summary>
    public int ExpertOf(int column) => column / Stride;
}
