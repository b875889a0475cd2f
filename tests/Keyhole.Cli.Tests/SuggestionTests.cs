using Keyhole.Engine;
using Xunit;

namespace Keyhole.Cli.Tests;

public class SuggestionTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("mine", "mine", 0)]
    [InlineData("mien", "mine", 1)]
    [InlineData("mie", "mine", 1)]
    [InlineData("minee", "mine", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Edits_counts_insertions_deletions_replacements_and_swaps(string from, string to, int edits)
    {
        Assert.Equal(edits, EditDistance.Between(from, to));
        Assert.Equal(edits, EditDistance.Between(to, from));
    }
}
