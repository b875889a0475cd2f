using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class SuiteTests
{
    [Fact]
    public void A_median_is_the_middle_or_the_mean_of_both_middles()
        => Assert.Equal((3.0, 2.5, 7.0), (Suite.Median([9, 1, 3]), Suite.Median([4, 1, 2, 3]), Suite.Median([7])));

    [Fact]
    public void Whole_numbers_have_their_thousands_set_apart() => Assert.Equal(("1,234,568", "12"), (Suite.Whole(1234567.9), Suite.Whole(12)));

    [Fact]
    public void What_is_missing_is_named_beside_the_repository()
    {
        using var folder = new TemporaryFolder();
        using Suite suite = TestSuite.Make(folder);
        Assert.True(suite.Has("mini", suite.Mini, suite.MiniSentences));
        Assert.False(suite.Has("a peer", suite.Mini, Path.Combine(suite.Root, "benchmarks", "no", "node_modules")));
        Assert.Equal(["a peer: benchmarks/no/node_modules is not there."], suite.LeftOut);
    }

    [Fact]
    public void Temporary_files_of_programs_go_with_the_run()
    {
        using var folder = new TemporaryFolder();
        string work;
        using (Suite suite = TestSuite.Make(folder))
        {
            work = suite.Work;
            Assert.Equal(work, suite.Run("sh", ["-c", "printf %s $TMPDIR"]).Output);
        }

        Assert.False(Directory.Exists(work));
    }
}
