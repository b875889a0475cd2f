using System.Diagnostics;
using System.Text.RegularExpressions;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Search;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Tests.Mining;
using Keyhole.Tests.Studies;
using Keyhole.TestSupport;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Search;

/// <summary>A small gated model mined over lines, a token a byte, so that most prefixes end inside a word; a study with values made by hand.</summary>
public sealed class StudySearchTests : IDisposable
{
    private readonly TinyRun _run = new();
    private readonly SampleStudy _sample = new();

    public void Dispose()
    {
        _run.Dispose();
        _sample.Dispose();
    }

    [Theory]
    [InlineData("the")]
    [InlineData("The CAT")]
    [InlineData("on a")]
    [InlineData("größe")]
    [InlineData("cat sat on the mat")]
    [InlineData("nowhere")]
    public void Words_are_found_as_a_plain_reading_finds_them_with_and_without_the_index(string query)
    {
        string path = Mine();
        using (Study study = Study.Open(path))
        {
            RequireEqual(Naive(study, query), Find(study, new SearchOptions { Query = query }));
        }

        Index(path);
        using Study indexed = Study.Open(path);
        Assert.True(TriggerIndex.IsIn(indexed));
        RequireEqual(Naive(indexed, query), Find(indexed, new SearchOptions { Query = query }));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("the\"cat")]
    [InlineData("the AND cat")]
    [InlineData("the OR cat")]
    [InlineData("NOT the")]
    [InlineData("th*")]
    [InlineData("NEAR(the cat, 2)")]
    [InlineData("^the")]
    [InlineData("words:the")]
    [InlineData("-cat")]
    [InlineData("(the")]
    [InlineData("{the} : cat")]
    [InlineData("the'; DROP TABLE memory; --")]
    [InlineData("\0the\0")]
    public void Nothing_in_a_query_is_an_operator(string query)
    {
        string path = Mine();
        SearchOptions options = new() { Query = query };
        string Outcome()
        {
            using Study study = Study.Open(path);
            try
            {
                return string.Join(' ', Find(study, options).OrderBy(pair => pair.Key));
            }
            catch (InputRefusedException refused)
            {
                return refused.Code;
            }
        }

        string plain = Outcome();
        Index(path);
        Assert.Equal(plain, Outcome());
        Assert.True(plain != "KH5105" && (plain != "KH5812" || query == "\""), plain);
    }

    [Fact]
    public void Patterns_match_inside_the_prefix_and_targets_after_it()
    {
        string path = Mine();
        Index(path);
        using Study study = Study.Open(path);
        Dictionary<(NeuronId, Pole), (int, int)> expected = Naive(study, (unit, trigger) =>
            TriggerText.Prefix(unit, trigger.Position).EndsWith("ca", StringComparison.Ordinal) && TriggerText.Target(unit, trigger, study.TokenPiece) == "t");
        RequireEqual(expected, Find(study, new SearchOptions { Regex = "ca$", Target = "t" }));
        RequireEqual(expected, Find(study, new SearchOptions { Regex = "CA$", Target = "T", IgnoreCase = true }));
        RequireEqual(expected, Find(study, new SearchOptions { Regex = "(?<=c)a$", Target = "t" }));   // needs backtracking
        Assert.Empty(Find(study, new SearchOptions { Regex = "CA$", Target = "t" }));
        RequireEqual(Naive(study, (unit, trigger) => HasWords(unit, trigger, ["the"]) && TriggerText.Prefix(unit, trigger.Position).EndsWith('s')),
            Find(study, new SearchOptions { Query = "the", Regex = "s$" }));
    }

    [Fact]
    public void A_match_is_shown_with_its_best_trigger_and_layers_and_limit_hold()
    {
        using Study study = Study.Open(Mine());
        SearchResult result = StudySearch.Run(study, new SearchOptions { Query = "cat", Layers = [1], Limit = 3 });
        Assert.True(result.SearchedTriggers && !result.SearchedValues);
        Assert.Equal(3, result.Triggers.Count);
        Assert.True(result.TriggersCount > 3);
        Assert.Equal(result.Triggers.OrderByDescending(match => match.Matches).ThenBy(match => match.BestRank).Select(match => match.Id), result.Triggers.Select(match => match.Id));
        Assert.All(result.Triggers, match =>
        {
            Assert.Equal(1, match.Id.Layer);
            Assert.Equal("cat", match.Prefix[match.Place]);
            Assert.Equal(study.Memory(match.Id)!.Triggers(match.Pole)[match.BestRank], match.Best);
            Assert.Equal(study.Memory(match.Id)!.Triggers(match.Pole).Length, match.Triggers);
        });
    }

    [Fact]
    public void The_index_changes_nothing_else_and_may_be_written_again()
    {
        string path = Mine();
        byte[] Exported()
        {
            using Study study = Study.Open(path);
            JsonlExport.Write(study, _sample.PathOf("export"));
            return File.ReadAllBytes(Path.Combine(_sample.PathOf("export"), JsonlExport.NeuronsFile));
        }

        byte[] before = Exported();
        Index(path);
        Index(path);
        Assert.Equal(before, Exported());
        using Study indexed = Study.Open(path);
        RequireEqual(Naive(indexed, "cat"), Find(indexed, new SearchOptions { Query = "cat" }));
    }

    [Fact]
    public void Patterns_that_cannot_be_read_or_take_too_long_are_refused()
    {
        string path = _sample.PathOf("long.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            writer.AppendUnit(SampleStudy.Unit(0, [.. Enumerable.Repeat("a", 60), "b"]));
            writer.WriteMemory(new NeuronId(0, 0), SampleStudy.Statistics(1), [new Trigger(1, float.NaN, 0, 59, 3)], []);
            writer.Complete();
        }

        using Study study = Study.Open(path);
        Assert.Equal("KH5810", Assert.Throws<InputRefusedException>(() => Find(study, new SearchOptions { Regex = "(" })).Code);
        Assert.Equal("KH5811", Assert.Throws<InputRefusedException>(() => Find(study, new SearchOptions { Regex = @"^(a+)+\1c$" })).Code);
        long start = Stopwatch.GetTimestamp();
        Assert.Empty(Find(study, new SearchOptions { Regex = "^(a+)+c$" }));   // no backtracking, no time
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1));   // with backtracking: 2^60 steps
    }

    [Fact]
    public void Values_are_searched_by_token_with_or_without_a_space_before_it()
    {
        string path = ValueStudy();
        using Study study = Study.Open(path);
        SearchResult result = StudySearch.Run(study, new SearchOptions { Query = "cat" });
        Assert.Equal([("L0N2", 1, 0), ("L0N0", 2, 0), ("L0N1", 1, 1)], result.Promoting.Select(match => (match.Id.ToString(), match.Token, match.Rank)));
        Assert.Equal([("L0N2", 2, 1)], result.Demoting.Select(match => (match.Id.ToString(), match.Token, match.Rank)));
        Assert.Equal(Math.Exp(2 - 3), result.Promoting[1].Probability, 1e-12);
        Assert.Equal(" cat", result.Promoting[1].Text);
        Assert.Equal((3, 1), (result.PromotingCount, result.DemotingCount));
        Assert.True(result.SearchedValues && result.SearchedTriggers);
        Assert.Equal(4, StudySearch.Run(study, new SearchOptions { Query = "cat", IgnoreCase = true }).PromotingCount);
        Assert.Equal(0, StudySearch.Run(study, new SearchOptions { Query = "ca" }).PromotingCount);
        SearchResult mark = StudySearch.Run(study, new SearchOptions { Query = "." });
        Assert.Equal((1, true, false), (mark.PromotingCount, mark.SearchedValues, mark.SearchedTriggers));
    }

    [Fact]
    public void Values_that_name_a_token_are_found_by_its_bytes_or_by_reading_all()
    {
        using Study study = Study.Open(ValueStudy());
        IReadOnlyList<ValueRecord> all = ValueTable.Read(study)!;
        for (int token = 0; token < 6; token++)
        {
            int wanted = token;
            string[] expected = [.. all.Where(value => value.Top.Concat(value.Bottom).Any(end => end.Token == wanted)).Select(value => value.Id.ToString())];
            foreach (int[] tokens in (int[][])[[wanted], [wanted, -1], [wanted, -1, -2, -3, -4]])
            {
                Assert.Equal(expected, ValueTable.Naming(study, tokens).Where(value => value.Top.Concat(value.Bottom).Any(end => end.Token == wanted)).Select(value => value.Id.ToString()));
            }
        }

        Assert.Single(ValueTable.Naming(study, [3]));   // the others are not read
        Assert.Equal(4, ValueTable.Naming(study, [3, -1, -2, -3, -4]).Count());
        Assert.Empty(ValueTable.Naming(study, []));
    }

    [Fact]
    public void What_cannot_be_searched_is_said()
    {
        using Study study = Study.Open(Mine());
        string Code(SearchOptions options) => Assert.Throws<InputRefusedException>(() => StudySearch.Run(study, options)).Code;
        Assert.Equal("KH5813", Code(new SearchOptions { Query = "cat", In = SearchPlaces.Values }));
        Assert.Equal("KH5814", Code(new SearchOptions()));
        Assert.Equal("KH5814", Code(new SearchOptions { Regex = "a", In = SearchPlaces.Values }));
        Assert.Equal("KH5812", Code(new SearchOptions { Query = "." }));
    }

    private string Mine()
    {
        string model = _run.Model(TinyModel.Llama());
        var options = _run.Options(model, _run.Corpus(TinyRun.Lines));
        TinyRun.Mine(options).Dispose();
        return options.Output;
    }

    private static void Index(string path)
    {
        using Study study = Study.Open(path);
        using StudyEditor editor = StudyEditor.Open(path);
        TriggerIndex.Write(editor, study);
        editor.Commit();
    }

    // Tokens: 1 'cat', 2 ' cat', 3 'Cat', 4 '.', 5 'x'.
    private string ValueStudy()
    {
        string path = _sample.PathOf("values.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: true))
        {
            writer.WriteProvenance(SampleStudy.Provenance());
            writer.AppendUnit(SampleStudy.Unit(0, "the", " cat"));
            writer.WriteTokenPieces(["</s>", "cat", " cat", "Cat", ".", "x"]);
            writer.Complete();
        }

        using StudyEditor editor = StudyEditor.Open(path);
        ValueTable.Write(editor, new Dictionary<string, string> { ["readout"] = "folded" },
        [
            Value(0, [new(2, 2), new(1, 1)], [new(5, -1)]),
            Value(1, [new(5, 9), new(1, 2.5f)], [new(4, -1)]),
            Value(2, [new(1, 2.5f)], [new(5, -4), new(2, -3)]),
            Value(3, [new(3, 1), new(4, 0)], [new(5, -1)]),
        ]);
        editor.Commit();
        return path;
    }

    private static ValueRecord Value(int index, TokenLogit[] top, TokenLogit[] bottom) => new()
    {
        Id = new NeuronId(0, index),
        Norm = 1,
        MaxProbability = 0.5,
        LogSumExp = 3,
        Top = [.. top],
        Bottom = [.. bottom],
        Positive = ValuePole.None,
    };

    private static Dictionary<(NeuronId, Pole), (int, int)> Find(Study study, SearchOptions options)
        => StudySearch.Run(study, options with { Limit = int.MaxValue }).Triggers.ToDictionary(match => (match.Id, match.Pole), match => (match.Matches, match.BestRank));

    private static Dictionary<(NeuronId, Pole), (int, int)> Naive(Study study, string query)
    {
        string[] wanted = [.. Regex.Matches(query.ToLowerInvariant(), @"[\p{L}\p{M}\p{N}]+").Select(word => word.Value)];
        return Naive(study, (unit, trigger) => HasWords(unit, trigger, wanted));
    }

    private static bool HasWords(StudyUnit unit, Trigger trigger, string[] wanted)
    {
        int end = TriggerText.Prefix(unit, trigger.Position).Length;
        Match[] words = [.. Regex.Matches(unit.Text, @"[\p{L}\p{M}\p{N}]+").Where(word => word.Index + word.Length <= end)];
        return Enumerable.Range(0, Math.Max(0, words.Length - wanted.Length + 1))
            .Any(first => words.Skip(first).Take(wanted.Length).Select(word => word.Value.ToLowerInvariant()).SequenceEqual(wanted));
    }

    private static Dictionary<(NeuronId, Pole), (int, int)> Naive(Study study, Func<StudyUnit, Trigger, bool> matches)
    {
        var found = new Dictionary<(NeuronId, Pole), (int, int)>();
        foreach (MemoryRecord memory in study.Memories())
        {
            foreach (Pole pole in Enum.GetValues<Pole>())
            {
                int[] ranks = [.. Enumerable.Range(0, memory.Triggers(pole).Length).Where(rank => matches(study.Unit(memory.Triggers(pole)[rank].Unit), memory.Triggers(pole)[rank]))];
                if (ranks.Length > 0)
                {
                    found[(memory.Id, pole)] = (ranks.Length, ranks[0]);
                }
            }
        }

        return found;
    }

    private static void RequireEqual(Dictionary<(NeuronId, Pole), (int, int)> expected, Dictionary<(NeuronId, Pole), (int, int)> found)
        => Assert.Equal(expected.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
}
