using Keyhole.Memories;
using Xunit;

namespace Keyhole.Tests.Memories;

public sealed class NeuronIdTests
{
    [Theory]
    [InlineData("L12N3456", 12, 3456, -1)]
    [InlineData("l12n3456", 12, 3456, -1)]
    [InlineData(" L0N0 ", 0, 0, -1)]
    [InlineData("L3E2N77", 3, 77, 2)]
    [InlineData("L12D3456", 12, 3456, -1)]
    [InlineData("12/3456", 12, 3456, -1)]
    [InlineData("12.3456", 12, 3456, -1)]
    [InlineData("12:3456", 12, 3456, -1)]
    [InlineData("gpt2-small@12:3456", 12, 3456, -1)]
    [InlineData("k^13_3456", 12, 3456, -1)]
    [InlineData("v^13_3456", 12, 3456, -1)]
    [InlineData("k^{13}_{3456}", 12, 3456, -1)]
    [InlineData("k^1_0", 0, 0, -1)]
    public void Reads_every_notation(string text, int layer, int index, int expert)
    {
        Assert.True(NeuronId.TryParse(text, out NeuronId id));
        Assert.Equal(new NeuronId(layer, index, expert), id);
        Assert.Equal(id, NeuronId.Parse(id.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("L12")]
    [InlineData("N5")]
    [InlineData("L-1N5")]
    [InlineData("L1N5x")]
    [InlineData("L1N99999999999")]
    [InlineData("k^0_5")]
    [InlineData("12-5")]
    [InlineData("1 2/5")]
    [InlineData("L١N٢")]
    public void Refuses_what_names_no_memory(string? text)
    {
        Assert.False(NeuronId.TryParse(text, out _));
        if (text is not null)
        {
            Assert.Contains("L12N3456", Assert.Throws<FormatException>(() => NeuronId.Parse(text)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Prints_layer_expert_and_index()
    {
        Assert.Equal("L12N3456", new NeuronId(12, 3456).ToString());
        Assert.Equal("L3E2N77", new NeuronId(3, 77, 2).ToString());
    }

    [Fact]
    public void Is_ordered_by_layer_expert_and_index()
    {
        NeuronId[] ordered = [new(0, 5), new(1, 0, 0), new(1, 9, 0), new(1, 0, 1), new(2, 0), new(2, 1)];
        NeuronId[] shuffled = [.. ordered.Reverse()];
        Array.Sort(shuffled);
        Assert.Equal(ordered, shuffled);
        Assert.True(ordered[0] < ordered[1] && ordered[1] > ordered[0] && ordered[0] <= ordered[1] && ordered[1] >= ordered[0]);
    }
}
