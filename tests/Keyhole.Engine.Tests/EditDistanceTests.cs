using Xunit;

namespace Keyhole.Engine.Tests;

public class EditDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("mine", "mine", 0)]
    [InlineData("mien", "mine", 1)]
    [InlineData("mie", "mine", 1)]
    [InlineData("minee", "mine", 1)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void Counts_insertions_deletions_replacements_and_swaps(string from, string to, int edits)
    {
        Assert.Equal(edits, EditDistance.Between(from, to));
        Assert.Equal(edits, EditDistance.Between(to, from));
    }
}
