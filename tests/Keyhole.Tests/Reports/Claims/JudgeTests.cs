using Keyhole.Reports.Claims;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Reports.Claims;

public class JudgeTests
{
    [Theory]
    [InlineData(0.6, 0.7, Verdict.Holds)]
    [InlineData(0.3, 0.4, Verdict.Fails)]
    [InlineData(0.4, 0.6, Verdict.CannotBeTested)]
    [InlineData(double.NaN, double.NaN, Verdict.CannotBeTested)]
    public void Above_and_below_mirror_each_other(double lower, double upper, Verdict above)
    {
        Verdict mirrored = above switch { Verdict.Holds => Verdict.Fails, Verdict.Fails => Verdict.Holds, _ => above };
        Assert.Equal(above, Judge.Above(new Interval(lower, upper), 0.5));
        Assert.Equal(mirrored, Judge.Below(new Interval(lower, upper), 0.5));
        Assert.Equal(above, Judge.Below(new Interval(0.5, 0.5), new Interval(lower, upper)));
    }

    [Theory]
    [InlineData(0.2, 0.3, Verdict.Holds)]
    [InlineData(0.05, 0.09, Verdict.Fails)]
    [InlineData(0.51, 0.6, Verdict.Fails)]
    [InlineData(0.05, 0.2, Verdict.CannotBeTested)]
    public void Within_needs_the_whole_interval(double lower, double upper, Verdict expected) => Assert.Equal(expected, Judge.Within(new Interval(lower, upper), 0.1, 0.5));

    [Fact]
    public void One_failure_fails_all_and_one_doubt_leaves_doubt()
    {
        Assert.Equal(Verdict.Holds, Judge.All([Verdict.Holds, Verdict.Holds]));
        Assert.Equal(Verdict.Fails, Judge.All([Verdict.Holds, Verdict.CannotBeTested, Verdict.Fails]));
        Assert.Equal(Verdict.CannotBeTested, Judge.All([Verdict.Holds, Verdict.CannotBeTested]));
        Assert.Equal(Verdict.CannotBeTested, Judge.All([]));
    }

    [Theory]
    [InlineData(0, 6, false)]
    [InlineData(3, 6, false)]
    [InlineData(4, 6, true)]
    [InlineData(9, 16, false)]
    [InlineData(10, 16, true)]   // the paper's layer 11
    [InlineData(0, 1, false)]
    public void Upper_layers_are_the_papers_11_to_16(int layer, int layers, bool upper) => Assert.Equal(upper, Depth.IsUpper(layer, layers));
}
