using Keyhole.Claiming;
using Keyhole.Memories;
using Xunit;

namespace Keyhole.Tests.Claiming;

/// <summary>Memories that were made to detect something are found to do so, others are not.</summary>
public sealed class PlantedTruthTests : IDisposable
{
    private readonly ClaimFolder _folder = new(PlantedModel.Make(), PlantedModel.Lines());

    [Theory]
    [InlineData("memory: L0N0, tokens: [a]", ClaimVerdict.Both)]
    [InlineData("memory: L0N1, tokens: [e]", ClaimVerdict.Both)]
    [InlineData("memory: L0N1, words: [the, she, axe]", ClaimVerdict.Necessary)]   // an e stands in other words too
    [InlineData("memory: L0N2, ngram: th", ClaimVerdict.Both)]
    [InlineData("memory: L0N2, on: prefix, regex: 'th$'", ClaimVerdict.Both)]
    [InlineData("memory: L0N2, ngram: [t, h]", ClaimVerdict.Both)]
    [InlineData("memory: L0N5, tokens: [x, y]", ClaimVerdict.Both)]
    [InlineData("memory: L0N5, regex: '[xy]'", ClaimVerdict.Both)]
    [InlineData("memory: L0N2, tokens: [h]", ClaimVerdict.Sufficient)]        // it needs the t before it
    [InlineData("memory: L0N0, tokens: [a, o, u]", ClaimVerdict.Sufficient)]
    [InlineData("memory: L0N1, words: [axe]", ClaimVerdict.Necessary)]        // it fires on every e
    [InlineData("memory: L0N5, tokens: [x]", ClaimVerdict.Necessary)]
    [InlineData("memory: L0N4, tokens: [a]", ClaimVerdict.Necessary)]         // it always fires
    [InlineData("memory: L0N3, tokens: [a]", ClaimVerdict.Neither)]           // it never does
    [InlineData("memory: L0N0, tokens: [e]", ClaimVerdict.Neither)]
    [InlineData("memory: L0N1, ngram: th", ClaimVerdict.Neither)]
    [InlineData("memory: L0N9, tokens: [a]", ClaimVerdict.Neither)]           // random keys
    [InlineData("memory: L0N0, on: target, tokens: [a]", ClaimVerdict.Neither)]
    public void The_verdict_is_what_was_planted(string claim, ClaimVerdict verdict)
    {
        ClaimTest test = Assert.Single(_folder.Run($"- {{name: planted, {claim}, threshold: zero, levels: {{precision: 0.9, recall: 0.9}}}}").Claims[0].Tests);
        Assert.Equal(verdict, test.Verdict);
        if (verdict == ClaimVerdict.Both)
        {
            Assert.Equal((0, 0, 1.0, 1.0, 1.0), (test.Counts.Fp, test.Counts.Fn, test.Auroc, test.AveragePrecision, test.Counts.Phi));
            Assert.True(test.AdjustedP < 1e-6, $"p is {test.AdjustedP}");
        }
    }

    [Theory]
    [InlineData("tokens: [a]", PlantedModel.FiresOnA)]
    [InlineData("tokens: [e]", PlantedModel.FiresOnE)]
    [InlineData("ngram: th", PlantedModel.FiresOnTh)]
    [InlineData("regex: '[xy]'", PlantedModel.FiresOnXOrY)]
    public void The_planted_memory_is_found(string predicate, int memory)
    {
        foreach (ScreenedBy by in Enum.GetValues<ScreenedBy>())
        {
            ClaimResult result = _folder.Run($"- {{name: which, memories: all, {predicate}, threshold: zero}}", options => options with { By = by }).Claims[0];
            Assert.True(result.Searched);
            Assert.Equal(new NeuronId(0, memory), result.Tests[0].Memory);
            Assert.Equal((1.0, 1.0, ClaimVerdict.Both), (result.Tests[0].Screened, result.Tests[0].AveragePrecision, result.Tests[0].Verdict));
            Assert.DoesNotContain(result.Tests.Skip(1), test => test.Verdict == ClaimVerdict.Both);
        }
    }

    [Fact]
    public void Find_turns_every_claim_into_a_search()
    {
        ClaimRun run = _folder.Run("- {name: wrong, memory: L0N9, tokens: [a], threshold: zero}", options => options with { Find = true, Best = 4, Shown = 2 });
        Assert.Equal(new NeuronId(0, PlantedModel.FiresOnA), run.Claims[0].Tests[0].Memory);
        Assert.Equal(4, run.Claims[0].Tests.Length);
        Assert.Equal([true, true, false, false], run.Claims[0].Tests.Select(test => !double.IsNaN(test.AveragePrecisionInterval.Lower)));
        Assert.Equal("4", run.Options["tests"]);
    }

    [Fact]
    public void Of_claims_about_nothing_none_is_taken_for_true()
    {
        // Labels by chance at one position in five: no memory knows of them, whatever it detects.
        var random = new Random(6);
        IEnumerable<string> labels = _folder.Lines.Index().SelectMany(line => Enumerable.Range(1, line.Item.Length).Where(_ => random.Next(5) == 0).Select(position => $"{{\"unit\": {line.Index}, \"position\": {position}, \"label\": \"chance\"}}"));
        string file = _folder.Write(string.Join('\n', labels));
        string claims = string.Join('\n', Enumerable.Range(0, PlantedModel.Memories).Select(memory => $"- {{name: '{memory}', memory: L0N{memory}, label: chance, threshold: quantile 0.9}}"));
        ClaimTest[] tests = [.. _folder.Run(claims, options => options with { Labels = file }).Claims.SelectMany(claim => claim.Tests)];
        Assert.Equal(PlantedModel.Memories, tests.Length);
        Assert.All(tests, test => Assert.Equal(ClaimVerdict.Neither, test.Verdict));
        Assert.All(tests, test => Assert.True(test.AdjustedP > 0.05, $"{test.Memory}: q is {test.AdjustedP}"));
        Assert.InRange(tests.Average(test => test.Auroc), 0.47, 0.53);
    }

    [Fact]
    public void Examples_show_what_was_counted()
    {
        ClaimExamples examples = _folder.Run("- {name: planted, memory: L0N2, tokens: [h], threshold: zero}").Claims[0].Tests[0].Examples;
        Assert.Equal(5, examples.Hits.Length);
        Assert.All(examples.Hits, example => Assert.True(example.Prefix.EndsWith('t') && example.Last == "h" && example.Coefficient > 0));
        Assert.Empty(examples.Extra);
        Assert.Equal(5, examples.Missed.Length);
        Assert.All(examples.Missed, example => Assert.True(!example.Prefix.EndsWith('t') && example.Last == "h" && example.Coefficient == 0));
        Assert.Equal(5, examples.Missed.DistinctBy(example => example.Unit).Count());
        Assert.All(examples.Hits, example => Assert.StartsWith(example.Prefix + example.Last + example.Target, _folder.Lines[example.Unit], StringComparison.Ordinal));
    }

    [Fact]
    public void The_study_keeps_what_was_tested_last()
    {
        ClaimRun run = _folder.Run("- {name: planted, memory: L0N0, tokens: [a], threshold: 'rank 3 within the position'}\n- {name: which, memories: all, tokens: [q]}");
        using Keyhole.Studies.Study study = Keyhole.Studies.Study.Open(_folder.Study);
        ClaimRun kept = ClaimStore.Read(study)!;
        Assert.Equal(run.Options, kept.Options);
        Assert.Equal(["planted", "which"], kept.Claims.Select(claim => claim.Name));
        Assert.Empty(kept.Claims[1].Tests);   // no q anywhere
        Assert.Equal(Text(run), Text(kept));
        _folder.Run("- {name: other, memory: L0N0, tokens: [b]}", options => options with { Save = false });
        Assert.Equal(Text(run), Text(ClaimStore.Read(study)!));

        static string Text(ClaimRun run)
        {
            using var bytes = new MemoryStream();
            using (var json = new System.Text.Json.Utf8JsonWriter(bytes))
            {
                json.WriteStartObject();
                ClaimJson.Write(json, run);
                json.WriteEndObject();
            }

            return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
        }
    }

    public void Dispose() => _folder.Dispose();
}
