using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using Keyhole.Engine.Numerics;

namespace Keyhole.Benchmarks;

/// <summary>The engine's packed product beside the prototype's, shape by shape, taking turns in one process; medians of many products, a JSON object a line. Nothing where there is no AVX-512.</summary>
internal static unsafe class GemmBenchmark
{
    private const int Rows = 480;
    private const int PrototypeDepth = 384;
    private const int PrototypeRows = 240;

    private static readonly (int Outputs, int Inputs)[] s_shapes = [(3072, 768), (768, 3072), (1536, 576), (576, 1536), (1024, 256), (256, 1024)];

    private static void Main()
    {
        if (!Avx512F.IsSupported)
        {
            return;   // the prototype needs it
        }

        foreach ((int outputs, int inputs) in s_shapes)
        {
            Compare(outputs, inputs);
        }
    }

    private static void Compare(int outputs, int inputs)
    {
        using var a = new AlignedBuffer((long)Rows * inputs);
        using var w = new AlignedBuffer((long)outputs * inputs);
        using var c = new AlignedBuffer((long)Rows * outputs);
        using var prototypePanels = new AlignedBuffer((long)outputs * inputs);
        using var scratch = new AlignedBuffer(2L * PrototypeRows * PrototypeDepth);
        var random = new Random(1);
        foreach (AlignedBuffer buffer in new[] { a, w })
        {
            for (long i = 0; i < buffer.Length; i++)
            {
                buffer.Start[i] = random.NextSingle() - 0.5f;
            }
        }

        K.PackB(w.Start, outputs, inputs, prototypePanels.Start, PrototypeDepth);
        using PackedMatrix packed = PackedMatrix.Pack(w.Matrix(outputs, inputs));
        float* aStart = a.Start;
        float* cStart = c.Start;
        void Prototype(int first, int rows, int worker)
            => K.Gemm(aStart + ((long)first * inputs), prototypePanels.Start, cStart + ((long)first * outputs), rows, outputs, inputs, PrototypeDepth, scratch.Start + (worker * PrototypeRows * PrototypeDepth), PrototypeRows);
        void Engine(int first, int rows, int worker)
            => Gemm.Multiply(a.Matrix(Rows, inputs).RowRange(first, rows), packed, c.Matrix(Rows, outputs).RowRange(first, rows));

        double operations = 2.0 * Rows * inputs * outputs;
        int repeats = Math.Max(20, (int)(4e10 / operations));
        foreach (int threads in new[] { 1, 2 })
        {
            var prototype = new List<double>();
            var engine = new List<double>();
            for (int i = 0; i < repeats; i++)
            {
                prototype.Add(Seconds(Prototype, threads));
                engine.Add(Seconds(Engine, threads));
            }

            double p = Median(prototype), e = Median(engine);
            Console.WriteLine(JsonSerializer.Serialize(new { name = string.Create(CultureInfo.InvariantCulture, $"{Rows} x {inputs} x {outputs}, {threads} thread{(threads == 1 ? "" : "s")}"), prototype = operations / p, gemm = operations / e }));
        }
    }

    private static double Seconds(Action<int, int, int> multiply, int threads)
    {
        long start = Stopwatch.GetTimestamp();
        if (threads == 1)
        {
            multiply(0, Rows, 0);
        }
        else
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, worker => multiply(worker * Rows / threads, Rows / threads, worker));
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> seconds)
    {
        seconds.Sort();
        return seconds[seconds.Count / 2];
    }
}
