using Keyhole.Corpora;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Mining.Nulls;

/// <summary>Random directions for the memories of one bank: normal numbers by counters, scaled to the norm of the memory's own key; biases are the memory's own.</summary>
internal sealed class DirectionBank : IDisposable
{
    private readonly float[] _inputBias;
    private readonly float[] _gateBias;
    private readonly PackedMatrix _input;
    private readonly PackedMatrix? _gate;

    /// <param name="norms">Norms of the keys of the bank.</param>
    /// <param name="width">D.</param>
    /// <param name="firstMemory">First memory of the bank, counted through all experts of the layer.</param>
    /// <param name="seed">Seed of the layer.</param>
    /// <param name="threads">Threads.</param>
    public DirectionBank(KeyNorms norms, int width, int firstMemory, ulong seed, int threads)
    {
        (_inputBias, _gateBias) = (norms.InputBias, norms.GateBias);
        _input = Pack(norms.Input, width, firstMemory, CounterHash.Hash(seed, 0), threads);
        _gate = norms.Gate.Length == 0 ? null : Pack(norms.Gate, width, firstMemory, CounterHash.Hash(seed, 1), threads);
    }

    /// <summary>What coefficients are computed with.</summary>
    public MemoryKeys Keys => new(_input, _inputBias, _gate, _gateBias);

    /// <summary>Bytes of the directions of a layer.</summary>
    public static long Bytes(FeedForwardSpec layer, int width)
        => sizeof(float) * PackedMatrix.FloatCount(layer.ExpertSize, width) * layer.Experts.Length * (layer.IsGated ? 2 : 1);

    public void Dispose()
    {
        _input.Dispose();
        _gate?.Dispose();
    }

    private static PackedMatrix Pack(double[] norms, int width, int firstMemory, ulong seed, int threads)
    {
        const int Part = 2 * PackedMatrix.PanelWidth;   // whole panels, so that threads share none
        var packed = new PackedMatrix(norms.Length, width);
        Parallel.For(0, (norms.Length + Part - 1) / Part, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            var drawn = new double[width];
            int first = part * Part;
            packed.PackRows(first, Math.Min(Part, norms.Length - first), (start, rows) =>
            {
                for (int row = 0; row * width < rows.Length; row++)
                {
                    int memory = first + start + row;
                    Draw(norms[memory], seed, firstMemory + memory, drawn, rows.Slice(row * width, width));
                }
            });
        });
        return packed;
    }

    // A uniform direction: normal numbers, scaled.
    private static void Draw(double norm, ulong seed, int memory, double[] drawn, Span<float> direction)
    {
        NormalVector.Fill(drawn, seed, (ulong)memory);
        double scale = norm / Math.Sqrt(NormalVector.SumOfSquares(drawn));
        for (int d = 0; d < drawn.Length; d++)
        {
            direction[d] = (float)(drawn[d] * scale);
        }
    }
}
