using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Debugging;

/// <summary>L2 norms of all values of a model, read layer by layer when first asked for. Not safe for several threads at once.</summary>
/// <param name="model">The model, which must outlive this.</param>
public sealed class ValueNorms(Model model)
{
    private const int ReadRows = 1024;

    private readonly float[]?[] _layers = new float[]?[model.Spec.LayerCount];

    /// <summary>|v| of every memory of a layer, [F].</summary>
    /// <param name="layer">Layer, from 0.</param>
    public ReadOnlySpan<float> Of(int layer) => _layers[layer] ??= Read(layer);

    private float[] Read(int layer)
    {
        var norms = new float[model.Spec.Blocks[layer].FeedForward.MemoryCount];
        using var buffer = new AlignedBuffer((long)Math.Min(ReadRows, norms.Length) * model.Spec.Width);
        for (int first = 0; first < norms.Length; first += ReadRows)
        {
            MatrixView values = buffer.Matrix(Math.Min(ReadRows, norms.Length - first), model.Spec.Width);
            MemoryVectors.ReadValues(model, layer, first, values);
            for (int row = 0; row < values.Rows; row++)
            {
                norms[first + row] = Reductions.L2Norm(values.Row(row));
            }
        }

        return norms;
    }
}
