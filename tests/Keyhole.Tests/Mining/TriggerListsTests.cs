using FsCheck;
using FsCheck.Fluent;
using Keyhole.Memories;
using Keyhole.Mining;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>Lists of triggers against sorting everything.</summary>
public sealed class TriggerListsTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lists_are_the_beginning_of_what_sorting_gives(bool distinct)
    {
        // Few ranks and keys, so that ties and repetitions are the rule.
        Gen<(int Rank, int Unit, int Position, int Key)> offer = Gen.Choose(-2, 6).SelectMany(rank => Gen.Choose(0, 30).SelectMany(unit => Gen.Choose(0, 3).SelectMany(position => Gen.Choose(0, 5).Select(key => (rank, unit, position, key)))));
        Gen<((int Rank, int Unit, int Position, int Key)[] Offers, int Top)> cases = offer.ArrayOf().SelectMany(offers => Gen.Choose(1, 12).Select(top => (offers, top)));
        Prop.ForAll(Arb.From(cases), input =>
        {
            // One offer a prefix: its rank and its ending follow from where it stands.
            (int Rank, int Unit, int Position, int Key)[] offers = [.. input.Offers.DistinctBy(item => (item.Unit, item.Position))];
            Trigger[] expected = [.. Sorted(offers, distinct).Take(input.Top)];
            Assert.Equal(expected, Single(offers, input.Top, distinct));
            Assert.Equal(expected, Single([.. offers.Reverse()], input.Top, distinct));
            Assert.Equal(expected, Merged(offers, input.Top, distinct));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Columns_that_pad_a_layer_are_out_of_reach()
    {
        var lists = new TriggerLists(5, 3, distinct: false, floor: float.Epsilon);
        Assert.Equal(16, lists.Thresholds.Length);
        Assert.All(lists.Thresholds[..5], threshold => Assert.Equal(float.Epsilon, threshold));
        Assert.All(lists.Thresholds[5..], threshold => Assert.Equal(float.PositiveInfinity, threshold));
    }

    private static IEnumerable<Trigger> Sorted((int Rank, int Unit, int Position, int Key)[] offers, bool distinct)
    {
        var sorted = offers.Where(item => item.Rank > 0).OrderByDescending(item => item.Rank).ThenBy(item => item.Unit).ThenBy(item => item.Position);
        return (distinct ? sorted.DistinctBy(item => item.Key) : sorted).Select(TriggerOf);
    }

    private static Trigger[] Single((int Rank, int Unit, int Position, int Key)[] offers, int top, bool distinct)
    {
        var lists = new TriggerLists(2, top, distinct, float.Epsilon);
        Offer(lists, offers);
        Assert.Empty(lists.List(0));
        return lists.List(1);
    }

    // As workers do: parts that share thresholds with each other and with what was merged before.
    private static Trigger[] Merged((int Rank, int Unit, int Position, int Key)[] offers, int top, bool distinct)
    {
        var totals = new TriggerLists(2, top, distinct, float.Epsilon);
        TriggerLists[] parts = [.. Enumerable.Range(0, 3).Select(_ => new TriggerLists(2, top, distinct, float.Epsilon))];
        foreach ((int Rank, int Unit, int Position, int Key)[] some in offers.Chunk(9))
        {
            foreach (TriggerLists part in parts)
            {
                part.ResetFor(totals);
            }

            for (int i = 0; i < some.Length; i++)
            {
                Offer(parts[i % parts.Length], some[i..(i + 1)]);
            }

            foreach (TriggerLists part in parts)
            {
                part.MergeInto(totals, 0, part.Memories);
            }
        }

        return totals.List(1);
    }

    // As the hot loop does: only what reaches the threshold is offered.
    private static void Offer(TriggerLists lists, (int Rank, int Unit, int Position, int Key)[] offers)
    {
        foreach ((int Rank, int Unit, int Position, int Key) item in offers)
        {
            if (item.Rank >= lists.Thresholds[1])
            {
                lists.Offer(1, item.Rank, TriggerOf(item), (ulong)item.Key);
            }
        }
    }

    private static Trigger TriggerOf((int Rank, int Unit, int Position, int Key) item) => new(item.Rank, float.NaN, item.Unit, item.Position, 7);
}
