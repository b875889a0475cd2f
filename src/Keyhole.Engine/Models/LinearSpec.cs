using System.Collections.Immutable;

namespace Keyhole.Engine.Models;

/// <summary>A linear map y = x W^T + b, W [outputs, inputs], and how it stands in the checkpoint.</summary>
/// <param name="Weight">Tensor that holds W.</param>
/// <param name="Bias">Tensor that holds b, or null for none.</param>
/// <param name="Outputs">Outputs.</param>
/// <param name="Inputs">Inputs.</param>
/// <remarks>Output row i of the map is row <see cref="StoredRow"/>(i) of the tensor, taken as a matrix of <see cref="StoredRows"/> rows.</remarks>
public sealed record LinearSpec(string Weight, string? Bias, int Outputs, int Inputs)
{
    /// <summary>Where output row i of the map stands in the tensor; null where it stands in row i.</summary>
    /// <remarks>Fused maps keep several in one tensor; GGUF files of some families store the rows of query and key in another order.</remarks>
    public Func<int, int>? StoredRow { get; init; }

    /// <summary>Rows of the tensor where it holds more than this map; <see cref="Outputs"/> otherwise.</summary>
    public int StoredRows { get; init; } = Outputs;

    /// <summary>Whether the tensor is W^T, [inputs, stored rows] (GPT-2's <c>Conv1D</c>).</summary>
    public bool Transposed { get; init; }

    /// <summary>Leading dimensions that the tensor has instead of its rows, such as [experts, rows of one]; empty for a plain matrix.</summary>
    public ImmutableArray<long> StoredShape { get; init; } = [];

    /// <summary>Where output row i stands.</summary>
    public int RowOf(int output) => StoredRow?.Invoke(output) ?? output;

    internal IEnumerable<(string, long[])> Tensors()
    {
        yield return (Weight, !StoredShape.IsEmpty ? [.. StoredShape, Inputs] : Transposed ? [Inputs, StoredRows] : [StoredRows, Inputs]);
        if (Bias is not null)
        {
            yield return (Bias, [StoredRows]);
        }
    }
}
