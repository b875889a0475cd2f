using Keyhole.Composition;
using Keyhole.Reports.Claims;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Reports.Claims;

public sealed class ClaimTableTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void A_model_like_the_papers_holds_all_that_can_be_measured()
    {
        ReportModel report = SyntheticReport.Full(_sample);
        Dictionary<string, Verdict> verdicts = ClaimTable.Of(report).ToDictionary(claim => claim.Key, claim => claim.Verdict);
        string[] needPeople = ["last-layer-words"];
        Assert.All(needPeople, key => Assert.Equal(Verdict.CannotBeTested, verdicts[key]));
        Assert.All(verdicts.Where(claim => !needPeople.Contains(claim.Key)), claim => Assert.True(claim.Value == Verdict.Holds, claim.Key));
    }

    [Fact]
    public void Nothing_can_be_tested_of_a_study_without_sections()
    {
        using Keyhole.Studies.Study study = SyntheticReport.WriteStudy(_sample);
        ReportModel report = SyntheticReport.Empty(study);
        Assert.All(ClaimTable.Of(report), claim =>
        {
            Assert.Equal(Verdict.CannotBeTested, claim.Verdict);
            Assert.NotEmpty(claim.Here);
            Assert.Empty(claim.Finding);
        });
    }

    [Fact]
    public void Each_claim_has_a_key_of_its_own() => Assert.Distinct(ClaimTable.Of(SyntheticReport.Full(_sample)).Select(claim => claim.Key));

    [Theory]
    [InlineData("pattern-coverage", 0.72, 0.99, 0.5, Verdict.Holds)]
    [InlineData("pattern-coverage", 0.5, 0.99, 0.5, Verdict.Fails)]
    [InlineData("pattern-coverage", 0.655, 0.99, 0.5, Verdict.CannotBeTested)]
    [InlineData("pattern-every-key", 0.72, 0.99, 0.5, Verdict.Holds)]
    [InlineData("pattern-every-key", 0.72, 0.6, 0.5, Verdict.Fails)]
    [InlineData("pattern-depth", 0.72, 0.99, 0.5, Verdict.Holds)]
    [InlineData("pattern-depth", 0.72, 0.99, 0.001, Verdict.CannotBeTested)]   // no more semantic in the highest layer than in the lowest
    public void Patterns_cover_prefixes(string key, double covered, double withPattern, double semanticAbove, Verdict expected)
        => Assert.Equal(expected, Of(key, report => report with { Patterns = SyntheticReport.Patterns(covered, withPattern, semanticAbove) }).Verdict);

    [Theory]
    [InlineData(-68, -21, Verdict.Holds)]
    [InlineData(-21, -68, Verdict.Fails)]
    [InlineData(-40, -40.1, Verdict.CannotBeTested)]
    public void The_last_token_matters_most_at_the_bottom(double lowest, double highest, Verdict expected)
        => Assert.Equal(expected, Of("mutation-last", report => report with { Mutations = SyntheticReport.Mutations(lowest, highest) }).Verdict);

    [Theory]
    [InlineData(-12, Verdict.Holds)]
    [InlineData(-40, Verdict.Fails)]       // more than the last token's in the upper layers
    [InlineData(-21.1, Verdict.CannotBeTested)]   // as much as the last token's in the highest
    public void The_first_token_matters_less_than_the_last(double first, Verdict expected)
        => Assert.Equal(expected, Of("mutation-first", report => report with { Mutations = SyntheticReport.Mutations(first: first) }).Verdict);

    [Theory]
    [InlineData(0.035, 0.001, Verdict.Holds)]
    [InlineData(0.0, 0.1, Verdict.Fails)]             // below the shuffled null
    [InlineData(0.0, 0.001, Verdict.CannotBeTested)]  // within it
    public void Agreement_rises_beyond_the_null(double upper, double shuffled, Verdict expected)
        => Assert.Equal(expected, Of("agreement-rise", report => report with { Agreement = SyntheticReport.Agreement(upper, shuffled: shuffled) }).Verdict);

    [Theory]
    [InlineData(97, Verdict.Holds)]
    [InlineData(20, Verdict.Fails)]
    [InlineData(50, Verdict.CannotBeTested)]
    public void Confident_values_lie_in_the_upper_layers(int inTop, Verdict expected)
        => Assert.Equal(expected, Of("confident-depth", report => report with { Agreement = SyntheticReport.Agreement(confidentInTop: inTop) }).Verdict);

    [Theory]
    [InlineData(0.75, Verdict.Holds)]
    [InlineData(0.5, Verdict.Fails)]
    [InlineData(0.68, Verdict.CannotBeTested)]
    public void Zero_agreement_is_at_least_the_published(double zero, Verdict expected)
        => Assert.Equal(expected, Of("zero-agreement", report => report with { Composition = SyntheticReport.Composition(zero: zero) }).Verdict);

    [Theory]
    [InlineData(0.95, Verdict.Holds)]
    [InlineData(0.6, Verdict.Fails)]
    [InlineData(0.9, Verdict.CannotBeTested)]
    public void The_last_residual_holds_the_final_prediction(double late, Verdict expected)
        => Assert.Equal(expected, Of("final-late", report => report with { Composition = SyntheticReport.Composition(late: late) }).Verdict);

    [Theory]
    [InlineData(300, 100, Verdict.Holds)]
    [InlineData(100, 300, Verdict.Fails)]
    [InlineData(100, 100, Verdict.CannotBeTested)]
    public void Compositions_dominate_the_changes(long composition, long ffn, Verdict expected)
        => Assert.Equal(expected, Of("compositions", report => report with { Composition = EachLayer(report, layer => layer with { Breakdown = new Breakdown(500, ffn, 50, composition, 0) }) }).Verdict);

    [Theory]
    [InlineData(0.2, Verdict.Holds)]
    [InlineData(0.6, Verdict.Fails)]
    [InlineData(0.5, Verdict.CannotBeTested)]
    public void A_tenth_to_a_half_of_the_memories_are_active(double active, Verdict expected)
        => Assert.Equal(expected, Of("active-share", report => report with { Composition = EachLayer(report, layer => layer with { ActiveShare = new Estimate(active, new Interval(active - 0.01, active + 0.01), 100) }) }).Verdict);

    [Fact]
    public void The_fewest_active_memories_at_an_end_fail_the_dip()
        => Assert.Equal(Verdict.Fails, Of("active-dip", report => report with
        {
            Composition = EachLayer(report, layer => layer with { ActiveShare = new Estimate(0.2 + (0.05 * layer.Layer), new Interval(0.19 + (0.05 * layer.Layer), 0.21 + (0.05 * layer.Layer)), 100) }),
        }).Verdict);

    [Fact]
    public void Short_prefixes_are_held_against_their_base_rate()
        => Assert.Equal(Verdict.Fails, Of("agreeing-short", report => report with { Composition = report.Composition! with { ShortPrefixes = new Share(3000, 4000) } }).Verdict);

    [Fact]
    public void Findings_begin_with_what_differs_and_have_numbers()
    {
        ReportModel report = SyntheticReport.Full(_sample) with { Composition = SyntheticReport.Composition(zero: 0.5, late: 0.6) };
        var findings = ClaimTable.Findings(ClaimTable.Of(report), 5);
        Assert.Equal(5, findings.Length);
        Assert.Equal(["zero-agreement", "final-late"], findings.Take(2).Select(claim => claim.Key));
        Assert.All(findings, claim => Assert.Matches("[0-9]", claim.Finding));
    }

    private Claim Of(string key, Func<ReportModel, ReportModel> change) => ClaimTable.Of(change(SyntheticReport.Full(_sample))).Single(claim => claim.Key == key);

    private static CompositionContent EachLayer(ReportModel report, Func<LayerComposition, LayerComposition> change)
        => report.Composition! with { Layers = [.. report.Composition!.Layers.Select(change)] };
}
