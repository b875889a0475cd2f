using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Mining;

/// <summary>The machine that a run was made on, for the record: it decides no result.</summary>
internal static class Machine
{
    /// <summary>Widest vectors that the kernels use here.</summary>
    public static string InstructionSet
        => Vector512.IsHardwareAccelerated ? "512-bit vectors" : Vector256.IsHardwareAccelerated ? "256-bit vectors" : Vector128.IsHardwareAccelerated ? "128-bit vectors" : "scalar";

    /// <summary>The processor's name, as the system tells it.</summary>
    public static string Processor
    {
        get
        {
            const string CpuInfo = "/proc/cpuinfo";
            string? line = File.Exists(CpuInfo) ? File.ReadLines(CpuInfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
            string? name = line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..] ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
            return name?.Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
        }
    }
}
