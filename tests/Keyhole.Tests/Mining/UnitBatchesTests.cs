using Keyhole.Corpora;
using Keyhole.Mining;
using Xunit;

namespace Keyhole.Tests.Mining;

public class UnitBatchesTests
{
    [Theory]
    [InlineData(5000, 20)]
    [InlineData(7, 300_000)]
    [InlineData(3, 2_000_000)]
    [InlineData(0, 0)]
    public void Parts_are_bounded_and_lose_nothing(int count, int length)
    {
        string text = new('x', length);
        TextUnit[][] parts = [.. UnitBatches.Of(Enumerable.Range(0, count).Select(i => new TextUnit(0, i, length, text)))];
        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), parts.SelectMany(part => part).Select(unit => unit.Offset));
        Assert.All(parts, part =>
        {
            Assert.InRange(part.Length, 1, 2048);
            Assert.True(part.SkipLast(1).Sum(unit => unit.Text.Length) < 1 << 19);
        });
    }
}
