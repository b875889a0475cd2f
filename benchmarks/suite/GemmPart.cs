using System.Globalization;
using System.Text.Json;

namespace Keyhole.Benchmarks;

/// <summary>Matrix products: the rate that everything else is a share of, and the prototype beside it.</summary>
internal static class GemmPart
{
    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        JsonElement rates = suite.Keyhole("bench", "--threads", suite.Threads.ToString(CultureInfo.InvariantCulture), "--seconds", "1", "--json").Json;
        double single = rates.GetProperty("gemmSingleThread").GetDouble();
        suite.Add(new Figure("gemm", "480 x 768 x 3072 (M x K x N), one thread") { Value = single / 1e9, Unit = "Gflop/s" });
        suite.Add(new Figure("gemm", string.Create(CultureInfo.InvariantCulture, $"the same, {suite.Threads} threads, each with rows of its own"))
        {
            Value = rates.GetProperty("gemm").GetDouble() / 1e9,
            Unit = "Gflop/s",
            Ratio = rates.GetProperty("gemm").GetDouble() / single,
            To = "one thread",
        });

        string prototype = Path.Combine(suite.Root, "benchmarks", "gemm", "bin", "Release", "net10.0", "gemm-benchmark.dll");
        if (!suite.Has("the prototype of the product", prototype))
        {
            return;
        }

        string[] lines = suite.Run("dotnet", [prototype]).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            suite.LeaveOut("the prototype of the product needs AVX-512, which this machine does not have.");
        }

        foreach (JsonElement shape in lines.Select(line => JsonDocument.Parse(line).RootElement))
        {
            double rate = shape.GetProperty("gemm").GetDouble();
            suite.Add(new Figure("gemm", shape.GetProperty("name").GetString()!) { Value = rate / 1e9, Unit = "Gflop/s", Ratio = rate / shape.GetProperty("prototype").GetDouble(), To = "the prototype", Bar = Bar.AtLeast(1) });
        }
    }
}
