using Keyhole.Cli.Bench;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class ResidentMemoryTests
{
    [Fact]
    public void Looking_takes_no_memory()
    {
        using var memory = new ResidentMemory();
        memory.Look();   // compiles
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            memory.Look();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Memory_that_is_taken_is_seen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process holds apart from mapped files.");
        const int Bytes = 256 << 20;   // more than other tests free meanwhile
        using var memory = new ResidentMemory();
        long before = memory.Peak;
        byte[] taken = new byte[Bytes];
        for (int i = 0; i < Bytes; i += 4096)
        {
            taken[i] = 1;
        }

        memory.Look();
        GC.KeepAlive(taken);
        Assert.True(memory.Peak > before + (Bytes / 2), $"{before} bytes before, {memory.Peak} after");
    }

    [Theory]
    [InlineData("Name:\tx\nVmHWM:\t  900 kB\nRssAnon:\t    1234 kB\nRssFile:\t 5 kB\n", 1234 * 1024)]
    [InlineData("Name:\tx\nRssAnon:", 0)]
    [InlineData("Name:\tRssAnon:\t7\nRssAnon:\tmany\n", 0)]
    [InlineData("", 0)]
    public void The_line_is_found(string status, long bytes) => Assert.Equal(bytes, ResidentMemory.HeldBytes(System.Text.Encoding.UTF8.GetBytes(status)));
}
