using Keyhole.Corpora;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>The memories of one layer, packed so that rows of inputs become coefficients, and coefficients the layer's output: as they are, or with permuted entries.</summary>
/// <remarks>
/// Memories are counted through all experts: M of them, F an expert. The null permutes the entries of every key, gate key and value, each by a permutation of its own: lengths and
/// biases are kept, directions are random. A router stays as it is. Several threads may use a bank at once, each with its own <see cref="BankScratch"/>.
/// </remarks>
internal sealed class FeatureBank : IDisposable
{
    private readonly PackedMatrix[] _keys;
    private readonly PackedMatrix[] _gates;       // of a gated layer, one an expert
    private readonly float[] _keyBiases;          // [M], or empty
    private readonly float[] _gateBiases;
    private readonly float[] _outputBiases;       // [experts * D], or empty
    private readonly AlignedBuffer _values;       // [M, D]
    private readonly PackedMatrix _output;        // [D, M]

    private FeatureBank(Model model, int layer, ulong? permutation, int threads)
    {
        Spec = model.Spec.Blocks[layer].FeedForward;
        Width = model.Spec.Width;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        ulong? Seed(MemoryVectorKind kind) => permutation is { } seed ? CounterHash.Hash(seed, (ulong)layer, (ulong)kind) : null;
        _keys = Pack(first => Rows(Seed(MemoryVectorKind.Key), first, Spec.ExpertSize, rows => MemoryVectors.ReadKeys(model, layer, first, rows), parallel));
        _gates = Spec.IsGated ? Pack(first => Rows(Seed(MemoryVectorKind.GateKey), first, Spec.ExpertSize, rows => MemoryVectors.ReadGateKeys(model, layer, first, rows), parallel)) : [];
        _values = Rows(Seed(MemoryVectorKind.Value), 0, Memories, rows => MemoryVectors.ReadValues(model, layer, 0, rows), parallel);
        _output = PackedMatrix.Pack(Width, Memories, ReadColumns);
        (_keyBiases, _gateBiases, _outputBiases) = (MemoryVectors.KeyBiases(model, layer), MemoryVectors.GateKeyBiases(model, layer), MemoryVectors.OutputBiases(model, layer));
        Norms = new float[Memories];
        for (int memory = 0; memory < Memories; memory++)
        {
            Norms[memory] = Reductions.L2Norm(Value(memory));
        }
    }

    /// <summary>The layer.</summary>
    public FeedForwardSpec Spec { get; }

    /// <summary>M, the memories of all experts.</summary>
    public int Memories => Spec.MemoryCount;

    /// <summary>D.</summary>
    public int Width { get; }

    /// <summary>|v| of every memory, shape [M].</summary>
    public float[] Norms { get; }

    /// <summary>Reads a layer's memories.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="permutation">Seed of the null's permutations; null for the memories as they are.</param>
    /// <param name="threads">Threads that read.</param>
    public static FeatureBank Load(Model model, int layer, ulong? permutation, int threads) => new(model, layer, permutation, threads);

    /// <summary>The value of a memory, shape [D].</summary>
    public ReadOnlySpan<float> Value(int memory) => _values.Span((long)memory * Width, Width);

    /// <summary>Coefficients m of rows of inputs; 0 where the router did not choose the memory's expert.</summary>
    /// <param name="inputs">x, shape [rows, D].</param>
    /// <param name="router">The router's weights, shape [rows, experts]; without rows where the layer has no router.</param>
    /// <param name="coefficients">Receives them, shape [rows, M].</param>
    /// <param name="scratch">Of the calling thread.</param>
    public void Coefficients(MatrixView inputs, MatrixView router, MatrixView coefficients, BankScratch scratch)
    {
        if (router.Rows == 0)
        {
            OfExpert(0, inputs, coefficients, scratch);
            return;
        }

        for (int expert = 0; expert < _keys.Length; expert++)
        {
            ReadOnlySpan<int> chosen = scratch.Gather(inputs, router, expert);
            MatrixView part = scratch.Part(chosen.Length);
            OfExpert(expert, scratch.Gathered(chosen.Length), part, scratch);
            for (int row = 0, taken = 0; row < inputs.Rows; row++)
            {
                Span<float> into = coefficients.Row(row).Slice(expert * Spec.ExpertSize, Spec.ExpertSize);
                if (taken < chosen.Length && chosen[taken] == row)
                {
                    part.Row(taken++).CopyTo(into);
                }
                else
                {
                    into.Clear();
                }
            }
        }
    }

    /// <summary>Makes of coefficients what multiplies the values: m times the router's weight of its expert, in place.</summary>
    /// <param name="router">The router's weights, shape [rows, experts]; without rows where the layer has no router.</param>
    /// <param name="coefficients">m, shape [rows, M].</param>
    public void Weigh(MatrixView router, MatrixView coefficients)
    {
        for (int row = 0; row < router.Rows; row++)
        {
            for (int expert = 0; expert < router.Columns; expert++)
            {
                Elementwise.Scale(coefficients.Row(row).Slice(expert * Spec.ExpertSize, Spec.ExpertSize), router.Row(row)[expert]);
            }
        }
    }

    /// <summary>What the values add up to, without the output's bias.</summary>
    /// <param name="contributions">Weighed coefficients, shape [rows, M].</param>
    /// <param name="sums">Receives the sums, shape [rows, D].</param>
    public void Add(MatrixView contributions, MatrixView sums) => Gemm.Multiply(contributions, _output, sums);

    /// <summary>Adds the output's bias b2 to a row, times the router's weights.</summary>
    /// <param name="router">The router's weights of the row, shape [experts]; empty where the layer has no router.</param>
    /// <param name="row">Shape [D].</param>
    public void AddBias(ReadOnlySpan<float> router, Span<float> row)
    {
        for (int expert = 0; expert * Width < _outputBiases.Length; expert++)
        {
            Elementwise.MultiplyAdd(row, _outputBiases.AsSpan(expert * Width, Width), router.IsEmpty ? 1 : router[expert]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PackedMatrix keys in _keys.Concat(_gates))
        {
            keys.Dispose();
        }

        _values.Dispose();
        _output.Dispose();
    }

    private void OfExpert(int expert, MatrixView inputs, MatrixView coefficients, BankScratch scratch)
    {
        var keys = new MemoryKeys(_keys[expert], Part(_keyBiases, expert), Spec.IsGated ? _gates[expert] : null, Part(_gateBiases, expert));
        MemoryCoefficients.Compute(keys, Spec.Activation, inputs, 0, Spec.IsGated ? scratch.Gates(inputs.Rows) : default, coefficients, coefficients);
    }

    private ReadOnlySpan<float> Part(float[] biases, int expert) => biases.Length == 0 ? default : biases.AsSpan(expert * Spec.ExpertSize, Spec.ExpertSize);

    private PackedMatrix[] Pack(Func<int, AlignedBuffer> read) => [.. Enumerable.Range(0, Spec.Experts.Length).Select(expert =>
    {
        using AlignedBuffer rows = read(expert * Spec.ExpertSize);
        return PackedMatrix.Pack(rows.Matrix(Spec.ExpertSize, Width));
    })];

    private AlignedBuffer Rows(ulong? seed, int first, int count, Action<MatrixView> read, ParallelOptions parallel)
    {
        var buffer = new AlignedBuffer((long)count * Width);
        read(buffer.Matrix(count, Width));
        if (seed is { } stream)
        {
            Parallel.For(0, count, parallel, row =>
            {
                Span<float> vector = buffer.Span((long)row * Width, Width);
                float[] entries = vector.ToArray();
                int[] order = ShuffledPairs.Permutation(Width, stream, (ulong)(first + row));
                for (int d = 0; d < order.Length; d++)
                {
                    vector[d] = entries[order[d]];
                }
            });
        }

        return buffer;
    }

    // Rows of V^T [D, M].
    private void ReadColumns(int start, Span<float> rows)
    {
        int count = rows.Length / Memories;
        for (int memory = 0; memory < Memories; memory++)
        {
            ReadOnlySpan<float> value = Value(memory).Slice(start, count);
            for (int row = 0; row < count; row++)
            {
                rows[(row * Memories) + memory] = value[row];
            }
        }
    }
}
