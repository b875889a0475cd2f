using Keyhole.Web.Memories;
using Xunit;

namespace Keyhole.Web.Tests.Memories;

public class RecentCacheTests
{
    [Fact]
    public void It_keeps_what_was_used_last_up_to_its_size()
    {
        var cache = new RecentCache<int, int[]>(10, values => values.Length);
        cache.Keep(1, new int[4]);
        cache.Keep(2, new int[4]);
        Assert.True(cache.TryGet(1, out _));
        cache.Keep(3, new int[5]);
        Assert.False(cache.TryGet(2, out _));
        Assert.True(cache.TryGet(1, out _));
        Assert.True(cache.TryGet(3, out _));
        Assert.Equal(9, cache.Held);
        cache.Keep(3, new int[1]);
        Assert.Equal(5, cache.Held);
        cache.Keep(1, new int[11]);   // larger than all
        Assert.False(cache.TryGet(1, out _));
        Assert.Equal(1, cache.Held);
    }
}
