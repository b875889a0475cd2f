using System.Diagnostics;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Runs the block tests again in a process of their own, with instruction sets switched off.</summary>
public sealed class InstructionSetTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public async Task Blocks_decode_the_same_without(string setting)
    {
        ProcessStartInfo start = new("dotnet", [typeof(InstructionSetTests).Assembly.Location, "-class", typeof(GgmlBlockTests).FullName!, "-noLogo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[setting] = "0";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{setting}=0: {output}{await errors}");
        Assert.Contains("Total: 47", output, StringComparison.Ordinal);
    }
}
