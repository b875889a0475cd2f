using Keyhole.Memories;
using Xunit;

namespace Keyhole.Tests.Memories;

public sealed class TriggerOrderTests
{
    [Fact]
    public void Sorts_by_magnitude_then_unit_then_position()
    {
        Trigger[] ordered =
        [
            new(-3f, float.NaN, 9, 9, 1),
            new(2f, float.NaN, 0, 7, 1),
            new(-2f, float.NaN, 1, 2, 1),
            new(2f, float.NaN, 1, 3, 1),
            new(1.9999999f, float.NaN, 0, 0, 1),
        ];
        Random random = new(5);
        for (int repeat = 0; repeat < 50; repeat++)
        {
            Trigger[] shuffled = [.. ordered];
            random.Shuffle(shuffled);
            Array.Sort(shuffled, TriggerOrder.Instance);
            Assert.Equal(ordered, shuffled);
        }
    }

    [Fact]
    public void Compares_as_float32()
        => Assert.True(TriggerOrder.Compare(new(16777216f, 0, 1, 0, 0), new(16777217f, 0, 0, 0, 0)) > 0);   // 2^24 + 1 is 2^24: the unit decides
}
