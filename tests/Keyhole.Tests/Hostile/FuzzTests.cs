using System.Globalization;
using Keyhole.Fuzz;
using Xunit;

namespace Keyhole.Tests.Hostile;

/// <summary>A short round of tests/Keyhole.Fuzz; docs/hostile-files.md tells of long ones.</summary>
public class FuzzTests
{
    // Other tests run beside this one: their time and memory must not count as a reader's.
    private static readonly FuzzOptions s_beside = new() { HangSeconds = 10, WatchesResidentMemory = false };

    [Fact]
    public void Damaged_files_are_refused_with_a_code_and_a_name_or_read_to_the_end()
    {
        FuzzReport report = Run(s_beside with { Count = 2000 });
        Assert.Empty(report.Faults);
        Assert.All(report.LeftOut, left => Assert.Contains("/pytorch/", left, StringComparison.Ordinal));   // checkpoints that are made to be refused
        Assert.InRange(report.Cases, 2100, 2300);   // and those made by hand
        Assert.InRange(report.Refused, report.Cases / 2, report.Cases * 9 / 10);
        Assert.Equal(report.Cases, report.Refused + report.Opened);
    }

    [Fact]
    public void One_seed_gives_one_round_and_one_number_one_case()
    {
        FuzzOptions options = s_beside with { Count = 200, Only = "made/corpus.csv", Seed = 7 };
        FuzzReport first = Run(options);
        FuzzReport second = Run(options);
        Assert.Equal((200, first.Refused, first.Opened), (second.Cases, second.Refused, second.Opened));
        Assert.Equal(1, Run(options with { Case = "17" }).Cases);
    }

    private static FuzzReport Run(FuzzOptions options)
    {
        using var progress = new StringWriter(CultureInfo.InvariantCulture);
        return Fuzzer.Run(options, progress.WriteLine);
    }
}
