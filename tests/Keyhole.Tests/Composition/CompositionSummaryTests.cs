using Keyhole.Composition;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Composition;

public sealed class CompositionSummaryTests
{
    private const int The = 100;
    private const int Cat = 101;
    private const int Dog = 102;
    private const int Comma = 103;

    private static readonly PrefixTrace[] s_traces =
    [
        SampleTraces.Of(The, tokens: 3, (Cat, The, Cat, false), (Cat, Cat, Cat, true)),         // residual, then agreement
        SampleTraces.Of(Cat, tokens: 4, (Cat, The, The, false), (Cat, Dog, The, true)),         // ffn, then composition
        SampleTraces.Of(-1, tokens: 5, (Cat, Dog, Dog, false), (Dog, Dog, Cat, true)),          // ffn, then overruled
        SampleTraces.Of(Comma, tokens: 6, (The, Comma, Dog, true), (The, Comma, Comma, false)), // composition, then ffn
    ];

    [Fact]
    public void Counts_are_those_of_the_method()
    {
        CompositionSummary summary = CompositionSummary.Of(s_traces, StopWords.English(Piece), seed: 1);
        (LayerComposition first, LayerComposition last) = (summary.Layers[0], summary.Layers[1]);
        Assert.Equal(4, summary.Prefixes);
        Assert.Equal(new Breakdown(Residual: 1, Ffn: 2, Agreement: 0, Composition: 1, Overruled: 0), first.Breakdown);
        Assert.Equal(new Breakdown(Residual: 0, Ffn: 1, Agreement: 1, Composition: 1, Overruled: 1), last.Breakdown);
        Assert.Equal(new Share(2, 4), first.Breakdown.Of(first.Breakdown.Ffn));

        // LinearTopR of these is top y: agreement where o is y, overruled where it is not.
        Assert.Equal(new Breakdown(0, 0, 2, 0, 2), first.LinearBreakdown);
        Assert.Equal(new Share(1, 4), first.ZeroAgreement);
        Assert.Equal(new Share(3, 4), last.ZeroAgreement);
        Assert.Equal(new Share(0, 4), last.ZeroAgreementOverAll);

        // Of the three prefixes of the first layer where some memory agrees: y is 'the' twice; of the two with a target it is 'the' once; two are short.
        Assert.Equal(new Share(2, 3), first.StopWordTop);
        Assert.Equal(new Share(1, 2), first.StopWordTarget);
        Assert.Equal(new Share(2, 3), first.ShortPrefix);
        Assert.Equal(new Share(0, 1), last.StopWordTop);   // a comma is no stop word

        // Finals are cat, the, cat, comma; r of the first layer has cat, cat, cat, the, of the last cat, cat, dog, the.
        Assert.Equal(new Share(2, 4), first.FinalInResidual);
        Assert.Equal(new Share(1, 4), last.FinalInResidual);
        Assert.Equal([1L, 1L], summary.Layers.Select(layer => layer.Sure.Count));
        Assert.Equal(new Quartiles(1.5, 2, 2), summary.FirstSureLayer);   // 0, 2, 2, 2
        Assert.Equal((0.25, 0.5), (first.ActiveShare.Value, last.ActiveShare.Value));
        Assert.Equal((7.0, 6.0, 1.0), (first.MedianTargetRank, last.MedianTargetRank, summary.Output.TargetRank.Median));
        Assert.Equal(new Share(0, 3), summary.Output.FinalIsTarget with { Count = 0 });
        Assert.Equal(1, summary.Output.FinalIsTarget.Count);
        Assert.Equal(3, summary.Output.TargetProbability.N);
        LastLayerComposition composed = Assert.Single(summary.LastLayerCompositions);
        Assert.Equal(new LastLayerComposition(4, 4, "text 4", Cat, Dog, The, Cat), composed);
    }

    [Fact]
    public void The_breakdown_sorts_every_case()
    {
        for (int r = 0; r < 3; r++)
        {
            for (int y = 0; y < 3; y++)
            {
                for (int o = 0; o < 3; o++)
                {
                    Breakdown expected = (o == r, o == y) switch
                    {
                        (true, true) => new Breakdown(0, 0, 1, 0, 0),
                        (true, false) => new Breakdown(1, 0, 0, 0, 0),
                        (false, true) => new Breakdown(0, 1, 0, 0, 0),
                        _ => r == y ? new Breakdown(0, 0, 0, 0, 1) : new Breakdown(0, 0, 0, 1, 0),
                    };
                    Assert.Equal(expected, default(Breakdown).With(r, y, o));
                }
            }
        }
    }

    [Fact]
    public void Refinement_is_supported_only_beyond_shuffled_targets()
    {
        double[] deep = [.. Enumerable.Range(0, 50).Select(i => 1023.0)];
        double[] top = [.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? 0.0 : 1.0)];
        double[] same = [.. deep];
        Refinement real = Refinement.Of(deep, top, deep, same, seed: 1);
        Assert.Equal(9.5, real.Improvement.Value, 1e-12);   // log2 1024 is 10, log2 512 is 9
        Assert.Equal(0, real.Shuffled.Value);
        Assert.True(real.Supported);

        // Every frequent token rises alike: an improvement, but no claim.
        Assert.False(Refinement.Of(deep, top, deep, top, seed: 1).Supported);
        Assert.False(Refinement.Of(top, deep, deep, same, seed: 1).Supported);
        Assert.False(Refinement.Of([], [], [], [], seed: 1).Supported);

        // What has no partner is compared with none.
        Assert.Equal(49, Refinement.Of(deep, top, [double.NaN, .. deep[1..]], same, seed: 1).Difference.N);
    }

    [Fact]
    public void No_prefix_is_refused() => Assert.Throws<ArgumentException>(() => CompositionSummary.Of([], StopWords.English(Piece), 1));

    private static string? Piece(int token) => token switch
    {
        The => " The",
        Cat => " cat",
        Dog => " dog",
        Comma => ",",
        _ => null,
    };
}
