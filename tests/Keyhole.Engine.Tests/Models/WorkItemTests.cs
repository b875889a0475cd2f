using Keyhole.Engine.Models;
using Xunit;

namespace Keyhole.Engine.Tests.Models;

public class WorkItemTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(17, 2)]
    [InlineData(400, 1)]
    [InlineData(400, 2)]
    [InlineData(400, 5)]
    [InlineData(400, 64)]
    public void Every_text_is_in_one_item_and_items_are_bounded(int texts, int threads)
    {
        TokenBatch batch = Batch([.. Enumerable.Range(0, texts).Select(text => text % 90 == 89 ? 700 : 1 + (text * 37 % 61))]);
        int next = 0;
        foreach (WorkItem item in WorkItem.Divide(batch, threads))
        {
            Assert.Equal(next, item.FirstText);
            Assert.True(item.TextCount > 0);
            next += item.TextCount;
            Assert.True(item.TextCount == 1 || batch.Start(next) - batch.Start(item.FirstText) <= WorkItem.MostRows);
        }

        Assert.Equal(texts, next);
    }

    [Theory]
    [InlineData(512, 2, 4)]
    [InlineData(310, 2, 2)]
    [InlineData(710, 2, 6)]
    [InlineData(512, 4, 4)]
    public void A_small_batch_is_divided_evenly_among_the_threads(int rows, int threads, int items)
    {
        const int Text = 20;
        TokenBatch batch = Batch([.. Enumerable.Repeat(Text, rows / Text), rows % Text]);
        int[] sizes = [.. WorkItem.Divide(batch, threads).Select(item => batch.Start(item.FirstText + item.TextCount) - batch.Start(item.FirstText))];
        Assert.Equal(items, sizes.Length);
        Assert.All(sizes, size => Assert.InRange(size, ((double)rows / items) - Text, ((double)rows / items) + Text));
    }

    [Fact]
    public void A_large_batch_begins_with_full_items_and_ends_with_small_ones()
    {
        TokenBatch batch = Batch([.. Enumerable.Repeat(16, 1000)]);
        int[] sizes = [.. WorkItem.Divide(batch, 2).Select(item => item.TextCount * 16)];
        Assert.Equal(WorkItem.MostRows, sizes[0]);
        Assert.InRange(sizes[^1], 96, 160);
        Assert.Equal(sizes.OrderDescending().Take(20), sizes.Take(20));
    }

    private static TokenBatch Batch(int[] lengths)
    {
        var starts = new List<int> { 0 };
        foreach (int length in lengths)
        {
            starts.Add(starts[^1] + length);
        }

        return new TokenBatch(new int[starts[^1]], [.. starts]);
    }
}
