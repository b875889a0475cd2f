using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

/// <summary>
/// Every kernel gives the same bits whatever the instruction sets. The test runs itself again in a child process with some of them
/// switched off (https://learn.microsoft.com/dotnet/core/runtime-config/) and compares digests of outputs.
/// </summary>
public class KernelBitsTests
{
    private const string FileVariable = "KEYHOLE_TEST_KERNEL_DIGESTS";

    /// <summary>The child's part: writes the digests where the variable says; on its own it shows that a digest does not depend on the run.</summary>
    [Fact]
    public void Digests_repeat()
    {
        string[] digests = KernelDigests.Compute();
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            File.WriteAllLines(path, [$"vectors {WidestVector}", .. digests]);
            return;
        }

        Assert.Equal(digests, KernelDigests.Compute());
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 256)]
    [InlineData("DOTNET_EnableAVX2", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic", 0)]
    public void The_same_bits_without(string instructionSets, int widestVector)
    {
        string path = Path.GetTempFileName();
        try
        {
            RunChild(instructionSets, path);
            string[] lines = File.ReadAllLines(path);
            if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
            {
                Assert.Equal($"vectors {Math.Min(widestVector, WidestVector)}", lines[0]);
            }

            Assert.Equal(KernelDigests.Compute(), lines[1..]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static int WidestVector
        => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    private static void RunChild(string switchedOff, string path)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments = ["exec", typeof(KernelBitsTests).Assembly.Location, "-method", $"{typeof(KernelBitsTests).FullName}.{nameof(Digests_repeat)}"];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[switchedOff] = "0";
        start.Environment[FileVariable] = path;
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, output);
    }
}
