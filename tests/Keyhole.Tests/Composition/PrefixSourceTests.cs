using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Composition;

public sealed class PrefixSourceTests : IDisposable
{
    private const int Context = 64;

    private readonly TinyRun _run = new();
    private readonly string _model;
    private readonly Tokenizer _tokenizer;

    public PrefixSourceTests()
    {
        _model = _run.Model(TinyModel.Opt(memories: 8, vocabulary: TinyTokenizer.Size));
        _tokenizer = TokenizerLoader.Load(_model);
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_random_prefix_follows_from_seed_and_text_number()
    {
        using Study study = Mine();
        PrefixSet set = Choose(study, new PrefixOptions { Count = 20, Seed = 9, Threads = 1 });

        // The rule in plain words: texts by hash, positions 1 .. n - 2 by another hash.
        int[] lengths = [.. TinyRun.Lines.Select(line => _tokenizer.Encode(line).Ids.Length)];
        var expected = Enumerable.Range(0, lengths.Length).Where(unit => lengths[unit] >= 3)
            .OrderBy(unit => CounterHash.Hash(9, (ulong)unit)).Take(20).Order()
            .Select(unit => (unit, 1 + (int)(((UInt128)CounterHash.Hash(9, (ulong)unit, 1) * (ulong)(lengths[unit] - 2)) >> 64)));
        Assert.Equal(expected, set.Prefixes.Select(prefix => (prefix.Unit, prefix.Position)));
        Assert.All(set.Prefixes, prefix =>
        {
            int[] ids = _tokenizer.Encode(TinyRun.Lines[prefix.Unit]).Ids;
            Assert.Equal(ids[..(prefix.Position + 1)], prefix.Ids);
            Assert.Equal(ids[prefix.Position + 1], prefix.Target);
            Assert.Equal(prefix.Position, prefix.Tokens);   // BOS is not counted
            Assert.StartsWith(prefix.Text.TrimEnd('\uFFFD'), TinyRun.Lines[prefix.Unit], StringComparison.Ordinal);
        });
        Assert.Equal("study's own", set.Options["texts"]);
        Assert.Equal(("random", "9", "20"), (set.Options["prefixes"], set.Options["seed"], set.Options["n"]));
        Assert.NotEqual(expected, Choose(study, new PrefixOptions { Count = 20, Seed = 10 }).Prefixes.Select(prefix => (prefix.Unit, prefix.Position)));
    }

    [Fact]
    public void Positions_are_uniform()
    {
        using Study study = Mine(_run.Corpus(Enumerable.Repeat("abcd", 2000), "many.txt"));
        int[] counts = [.. Choose(study, new PrefixOptions { Count = 5000 }).Prefixes.CountBy(prefix => prefix.Position).OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        Assert.Equal(3, counts.Length);   // positions 1, 2, 3 of <s> a b c d
        Assert.All(counts, count => Assert.InRange(count, 580, 750));   // 667 and four standard deviations of 21
    }

    [Fact]
    public void All_positions_are_uniform_over_the_empty_prefix_and_the_whole_text_too()
    {
        using Study study = Mine(_run.Corpus(Enumerable.Repeat("abcd", 2500), "many.txt"));
        PrefixSet set = Choose(study, new PrefixOptions { Count = 5000, AllPositions = true });
        Assert.Equal("all", set.Options["positions"]);
        (int Position, int Count)[] counts = [.. set.Prefixes.CountBy(prefix => prefix.Position).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];
        Assert.Equal([0, 1, 2, 3, 4], counts.Select(count => count.Position));   // <s> a b c d
        Assert.All(counts, count => Assert.InRange(count.Count, 420, 580));   // 500 and four standard deviations of 20
        Assert.All(set.Prefixes, prefix => Assert.Equal(prefix.Position == 4, prefix.Target < 0));
        Assert.False(Choose(study, new PrefixOptions { Count = 5 }).Options.ContainsKey("positions"));
    }

    [Fact]
    public void Held_out_texts_are_read_by_the_studys_rules()
    {
        using Study study = Mine(options: run => run with { Bos = BosPolicy.Never, Rules = new MiningRules { LastPosition = true } });
        string texts = _run.Corpus(["one two", "three"], "held-out.txt");
        PrefixSet set = Choose(study, new PrefixOptions { Texts = [texts], Seed = 4 });
        Assert.Equal([0, 1], set.Prefixes.Select(prefix => prefix.Unit));
        Assert.All(set.Prefixes, prefix => Assert.False(prefix.StartsWithBos));
        Assert.Equal("held out", set.Options["texts"]);
        Assert.Equal(64, set.Options["texts-sha256"].Length);
        Assert.Contains(Enumerable.Range(0, 60), seed => Choose(study, new PrefixOptions { Texts = [texts], Seed = (ulong)seed }).Prefixes.Any(prefix => prefix.Target == -1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Texts_that_the_study_did_not_take_are_preferred(bool sampled)
    {
        string[] lines = [.. Enumerable.Range(0, 50).Select(i => $"line number {i}")];
        string corpus = _run.Corpus(lines, "part.txt");
        using Study study = Mine(corpus, run => sampled ? run with { Sample = 30 } : run with { Limit = 30 });
        string[] mined = [.. study.Units().Select(unit => unit.Text)];
        PrefixOptions options = new() { CorpusFolders = [Path.GetDirectoryName(_model)!], Threads = 2 };
        PrefixSet set = Choose(study, options);
        Assert.Equal("of the study's corpus, not mined", set.Options["texts"]);
        Assert.Equal(20, set.Prefixes.Count);
        Assert.All(set.Prefixes, prefix =>
        {
            Assert.StartsWith(prefix.Text, lines[prefix.Unit], StringComparison.Ordinal);   // numbers are those of the whole corpus
            Assert.DoesNotContain(lines[prefix.Unit], mined);
        });
        Assert.Equal("study's own", Choose(study, options with { CorpusFolders = [] }).Options["texts"]);

        // A file of the same length with another text is not the study's.
        File.WriteAllText(corpus, File.ReadAllText(corpus).Replace('l', 'L'));
        Assert.Equal("study's own", Choose(study, options).Options["texts"]);
    }

    [Fact]
    public void A_file_fixes_the_prefixes_in_its_order()
    {
        using Study study = Mine();
        string file = Write("{\"unit\": 3, \"position\": 2}", "", "{\"position\": 0, \"unit\": 2, \"note\": true}", "{\"unit\": 3, \"position\": 22}");
        PrefixSet set = Choose(study, new PrefixOptions { File = file });
        Assert.Equal([(3, 2), (2, 0), (3, 22)], set.Prefixes.Select(prefix => (prefix.Unit, prefix.Position)));
        Assert.Equal([0, 0, -1], set.Prefixes.Select(prefix => Math.Min(prefix.Target, 0)));   // the last one ends its text
        Assert.Equal("fixed", set.Options["prefixes"]);
        Assert.Equal("3", set.Options["n"]);
    }

    [Theory]
    [InlineData("KH5301", "line 2", "no JSON", "{\"unit\": 0, \"position\": 1}", "what")]
    [InlineData("KH5301", "line 1", "'position' is missing", "{\"unit\": 0}")]
    [InlineData("KH5301", "line 1", "'unit' is -1", "{\"unit\": -1, \"position\": 1}")]
    [InlineData("KH5301", "line 1", "'unit' is 1.5", "{\"unit\": 1.5, \"position\": 1}")]
    [InlineData("KH5301", "line 1", "array", "[1, 2]")]
    [InlineData("KH5301", "line 3", "line 1 already", "{\"unit\": 0, \"position\": 1}", "", "{\"unit\": 0, \"position\": 1}")]
    [InlineData("KH5301", "prefixes.jsonl", "names no prefix", "")]
    [InlineData("KH5302", "line 2", "no unit 5000", "{\"unit\": 0, \"position\": 1}", "{\"unit\": 5000, \"position\": 1}")]
    [InlineData("KH5302", "line 1", "no position 2", "{\"unit\": 0, \"position\": 2}")]
    public void A_bad_file_is_refused(string code, string where, string what, params string[] lines)
    {
        using Study study = Mine();
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Choose(study, new PrefixOptions { File = Write(lines) }));
        Assert.Equal(code, refused.Code);
        Assert.Contains(where, refused.Message, StringComparison.Ordinal);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_without_a_position_to_choose_are_refused()
    {
        using Study study = Mine();
        string texts = _run.Corpus(["a", "b"], "short.txt");
        Assert.Equal("KH5303", Assert.Throws<InputRefusedException>(() => Choose(study, new PrefixOptions { Texts = [texts] })).Code);
        Assert.Equal("KH5301", Assert.Throws<InputRefusedException>(() => Choose(study, new PrefixOptions { File = Path.Combine(_run.Folder, "none.jsonl") })).Code);
    }

    private PrefixSet Choose(Study study, PrefixOptions options) => PrefixSource.Choose(study, _tokenizer, Context, options, cancellation: TestContext.Current.CancellationToken);

    private Study Mine(string? corpus = null, Func<MiningOptions, MiningOptions>? options = null)
    {
        MiningOptions run = _run.Options(_model, corpus ?? _run.Corpus(TinyRun.Lines));
        return TinyRun.Mine(options?.Invoke(run) ?? run);
    }

    private string Write(params string[] lines)
    {
        string path = Path.Combine(_run.Folder, "prefixes.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }
}
