using System.Diagnostics;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Cli.Bench;

/// <summary>The machine's rate of packed matrix products: what every other speed is a share of.</summary>
internal sealed class GemmRate : IDisposable
{
    private const int Rows = 480;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(50);
    private readonly PackedMatrix _weights;
    private readonly AlignedBuffer[] _inputs;    // one a thread, as are the products: taken once like the threads, so that measuring beside work takes no more memory
    private readonly AlignedBuffer[] _products;
    private readonly WorkerPool _pool;

    /// <summary>Packs a matrix to multiply by.</summary>
    /// <param name="outputs">N.</param>
    /// <param name="inputs">K.</param>
    /// <param name="threads">Threads, each with rows of its own.</param>
    public GemmRate(int outputs, int inputs, int threads)
    {
        _weights = PackedMatrix.Pack(outputs, inputs, (start, rows) => Fill(rows, start));
        _pool = new WorkerPool(threads);
        _inputs = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer((long)Rows * inputs))];
        _products = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer((long)Rows * outputs))];
        foreach (AlignedBuffer input in _inputs)
        {
            MatrixView rows = input.Matrix(Rows, inputs);
            for (int row = 0; row < Rows; row++)
            {
                Fill(rows.Row(row), row);
            }
        }
    }

    /// <summary>One measurement of [480, inputs] x [inputs, outputs].</summary>
    /// <param name="outputs">N.</param>
    /// <param name="inputs">K.</param>
    /// <param name="threads">Threads, each with rows of its own.</param>
    /// <param name="duration">How long to measure.</param>
    /// <param name="stop">Stops early.</param>
    public static double Measure(int outputs, int inputs, int threads, TimeSpan duration, CancellationToken stop)
    {
        using var rate = new GemmRate(outputs, inputs, threads);
        return rate.Measure(duration, stop);
    }

    /// <summary>Floating-point operations per second of [480, inputs] x [inputs, outputs] on every thread at once: the median over windows of 50 ms.</summary>
    /// <param name="duration">How long to measure.</param>
    /// <param name="stop">Stops early.</param>
    public double Measure(TimeSpan duration, CancellationToken stop) => OnAllThreads(duration, rates => rates[rates.Count / 2], stop);

    /// <summary>The same as a mean: what the machine gave, moments included in which it gave its processors to others. For short measurements beside work that meets such moments too.</summary>
    /// <param name="duration">How long to measure.</param>
    /// <param name="stop">Stops early.</param>
    public double MeasureMean(TimeSpan duration, CancellationToken stop) => OnAllThreads(duration, rates => rates.Count / rates.Sum(rate => 1 / rate), stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _weights.Dispose();
        foreach (AlignedBuffer buffer in (AlignedBuffer[])[.. _inputs, .. _products])
        {
            buffer.Dispose();
        }
    }

    // The rate of each thread is made of those of its windows, in ascending order.
    private double OnAllThreads(TimeSpan duration, Func<List<double>, double> rateOf, CancellationToken stop)
    {
        double[] rates = new double[_pool.Threads];
        using var ready = new Barrier(rates.Length);   // which no thread passes before every one has an item
        _pool.Run(rates.Length, (_, item) => rates[item] = rateOf(Run(item, duration, ready, stop)), CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        return rates.Sum();
    }

    private List<double> Run(int thread, TimeSpan duration, Barrier ready, CancellationToken stop)
    {
        MatrixView a = _inputs[thread].Matrix(Rows, _weights.Inputs);
        MatrixView c = _products[thread].Matrix(Rows, _weights.Outputs);
        double operations = 2.0 * Rows * _weights.Inputs * _weights.Outputs;
        var rates = new List<double>();
        Gemm.Multiply(a, _weights, c);   // compiles and warms up
        ready.SignalAndWait(CancellationToken.None);
        long start = Stopwatch.GetTimestamp();
        do
        {
            long window = Stopwatch.GetTimestamp();
            int products = 0;
            do
            {
                Gemm.Multiply(a, _weights, c);
                products++;
            }
            while (Stopwatch.GetElapsedTime(window) < s_window);
            rates.Add(products * operations / Stopwatch.GetElapsedTime(window).TotalSeconds);
        }
        while (Stopwatch.GetElapsedTime(start) < duration && !stop.IsCancellationRequested);

        rates.Sort();
        return rates;
    }

    private static void Fill(Span<float> values, int seed)
    {
        uint state = (uint)seed + 1;
        foreach (ref float value in values)
        {
            state = (state * 1664525) + 1013904223;
            value = (state >> 8) * (1f / (1 << 24)) - 0.5f;
        }
    }
}
