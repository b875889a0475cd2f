using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Keyhole.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Processor, widest vectors, processors and runtime: nothing that names a host.</summary>
    public static string Describe()
    {
        string vectors = Avx512F.IsSupported ? "AVX-512" : Avx2.IsSupported ? "AVX2 without AVX-512" : RuntimeInformation.ProcessArchitecture.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{Processor()}, {vectors}, {Environment.ProcessorCount} processors, {RuntimeInformation.FrameworkDescription}");
    }

    /// <summary>The commit in a folder, with a plus sign where files differ from it.</summary>
    public static string Commit(string root)
    {
        try
        {
            string commit = ChildProcess.Run("git", ["-C", root, "rev-parse", "--short=10", "HEAD"], CancellationToken.None).Output.Trim();
            bool changed = ChildProcess.Run("git", ["-C", root, "status", "--porcelain", "--untracked-files=no"], CancellationToken.None).Output.Length > 0;
            return changed ? commit + "+" : commit;
        }
        catch (BenchmarkFailedException)
        {
            return "unknown";   // no repository, or no git
        }
    }

    private static string Processor()
    {
        const string Lines = "/proc/cpuinfo";
        string? name = File.Exists(Lines) ? Field("model name") : null;
        return name is null ? "unknown processor" : $"{name} (family {Field("cpu family")}, model {Field("model")})";

        string? Field(string key) => File.ReadLines(Lines).FirstOrDefault(line => line.Split(':')[0].Trim() == key)?.Split(':')[1].Trim();
    }
}
