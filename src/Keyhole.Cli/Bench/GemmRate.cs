using System.Diagnostics;
using Keyhole.Engine.Numerics;

namespace Keyhole.Cli.Bench;

/// <summary>The machine's rate of packed matrix products: what every other speed is a share of.</summary>
internal static class GemmRate
{
    private const int Rows = 480;
    private static readonly TimeSpan s_window = TimeSpan.FromMilliseconds(50);

    /// <summary>Floating-point operations per second of [480, inputs] x [inputs, outputs] on every thread at once: the median over windows of 50 ms.</summary>
    /// <param name="outputs">N.</param>
    /// <param name="inputs">K.</param>
    /// <param name="threads">Threads, each with rows of its own.</param>
    /// <param name="duration">How long to measure.</param>
    /// <param name="stop">Stops early.</param>
    public static double Measure(int outputs, int inputs, int threads, TimeSpan duration, CancellationToken stop)
    {
        using PackedMatrix weights = PackedMatrix.Pack(outputs, inputs, (start, rows) => Fill(rows, start));
        double[] rates = new double[threads];
        var workers = new Thread[threads];
        using var ready = new Barrier(threads);
        for (int worker = 0; worker < threads; worker++)
        {
            int self = worker;
            workers[worker] = new Thread(() => rates[self] = Run(weights, duration, ready, stop));
            workers[worker].Start();
        }

        foreach (Thread worker in workers)
        {
            worker.Join();
        }

        stop.ThrowIfCancellationRequested();
        return rates.Sum();
    }

    private static double Run(PackedMatrix weights, TimeSpan duration, Barrier ready, CancellationToken stop)
    {
        using var input = new AlignedBuffer((long)Rows * weights.Inputs);
        using var output = new AlignedBuffer((long)Rows * weights.Outputs);
        MatrixView a = input.Matrix(Rows, weights.Inputs);
        MatrixView c = output.Matrix(Rows, weights.Outputs);
        for (int row = 0; row < Rows; row++)
        {
            Fill(a.Row(row), row);
        }

        double operations = 2.0 * Rows * weights.Inputs * weights.Outputs;
        var rates = new List<double>();
        Gemm.Multiply(a, weights, c);   // compiles and warms up
        ready.SignalAndWait(CancellationToken.None);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < duration && !stop.IsCancellationRequested)
        {
            long window = Stopwatch.GetTimestamp();
            int products = 0;
            do
            {
                Gemm.Multiply(a, weights, c);
                products++;
            }
            while (Stopwatch.GetElapsedTime(window) < s_window);
            rates.Add(products * operations / Stopwatch.GetElapsedTime(window).TotalSeconds);
        }

        rates.Sort();
        return rates.Count == 0 ? 0 : rates[rates.Count / 2];
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
