using Keyhole.Engine;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;
using Keyhole.Studies.Merging;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Studies.Merging;

/// <summary>The nulls beside shards are merged with them, to the rows of one run's; one that is missing, or is another's, is named.</summary>
public sealed class NullMergeTests : IDisposable
{
    private static readonly NullKind[] s_both = [NullKind.Directions, NullKind.Rotations];
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_one_merge_with_everything_that_can_be_kept(bool perPrefix)
    {
        MiningOptions options = Options() with { Seed = 4, Rules = new MiningRules { Top = 6, SampleQuantiles = true, SignCases = true, PerPrefix = perPrefix, Distinct = perPrefix ? 2 : 0, Seed = 4 } };
        string whole = Mine(options, "whole");
        string[] shards = [.. Enumerable.Range(0, 3).Select(i => Mine(options with { Shard = new CorpusShard(i, 3) }, $"{i}"))];
        MergeResult result = Merge("merged", shards[2], shards[0], shards[1]);
        Same(whole, File("merged"));
        using (var beside = Study.Open(NullStudy.PathOf(File("merged"), NullKind.Rotations)))
        {
            Assert.Equal(File("merged"), beside.Provenance.Run.Options[StudyRun.NullOf]);
        }

        Assert.Equal(s_both.Select(kind => NullStudy.PathOf(File("merged"), kind)), result.Nulls);
        Assert.Empty(result.MissingNulls);
    }

    [Fact]
    public void In_a_grid_of_shards_and_layers_and_through_parts_of_it()
    {
        MiningOptions options = Options();
        string whole = Mine(options, "whole");
        string[][] pieces = [.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 2).Select(layer => Mine(options with { Shard = new CorpusShard(i, 2), Layers = [layer] }, $"{i}-{layer}")).ToArray())];
        Merge("row", partial: true, pieces[1]);
        Merge("merged", File("row"), pieces[0][1], pieces[0][0]);
        Same(whole, File("merged"));
    }

    [Fact]
    public void One_that_a_shard_lacks_is_named_and_nothing_is_written()
    {
        string[] shards = Shards();
        System.IO.File.Delete(NullStudy.PathOf(shards[1], NullKind.Rotations));
        InputRefusedException refused = Refused("KH5245", shards);
        Assert.StartsWith($"{shards[1]}.rotations: no such file, and {shards[0]}.rotations is there", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void None_at_all_is_said_and_the_memories_are_merged()
    {
        string[] shards = Shards();
        foreach (string shard in shards)
        {
            System.IO.File.Delete(NullStudy.PathOf(shard, NullKind.Rotations));
        }

        MergeResult result = Merge("merged", shards);
        Assert.Equal(["rotations"], result.MissingNulls);
        Assert.Equal([$"{File("merged")}.directions"], result.Nulls);
        Assert.False(System.IO.File.Exists(File("merged") + ".rotations"));
    }

    [Theory]
    [InlineData("UPDATE provenance SET value = '9' WHERE key = 'option.null-seed'", "option.null-seed is '9' there, and '1' is expected")]
    [InlineData("UPDATE provenance SET value = 'rotations' WHERE key = 'option.null'", "option.null is 'rotations' there, and 'directions' is expected")]
    [InlineData("DELETE FROM provenance WHERE key = 'option.null'", "option.null is missing there, and 'directions' is expected")]
    [InlineData("UPDATE provenance SET value = 'feed' WHERE key = 'corpus.sha256'", "corpus.sha256 is 'feed' there")]
    public void One_of_another_run_is_named(string sql, string sentence)
    {
        string[] shards = Shards();
        foreach (string shard in shards)
        {
            StudyEdit.Execute($"{shard}.directions", sql);
        }

        InputRefusedException refused = Refused("KH5246", shards);
        Assert.StartsWith($"{shards[0]}.directions: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_shards_null_is_no_shards_null()
    {
        string[] shards = Shards();
        System.IO.File.Move($"{shards[0]}.directions", File("aside"));
        System.IO.File.Move($"{shards[1]}.directions", $"{shards[0]}.directions");
        System.IO.File.Move(File("aside"), $"{shards[1]}.directions");
        Assert.Contains("shard.parts is '1' there, and '0' is expected", Refused("KH5246", shards).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_that_stands_there_is_not_replaced_unasked_and_none_is_left_of_a_merge_that_fails()
    {
        string[] shards = Shards();
        System.IO.File.WriteAllText(File("merged") + ".rotations", "mine");
        Assert.Equal("KH5110", Assert.Throws<InputRefusedException>(() => Merge("merged", shards)).Code);
        Assert.Equal("KH5244", Assert.Throws<InputRefusedException>(() => new StudyMerger(new MergeOptions { Shards = shards, Output = shards[0], Overwrite = true })).Code);
        System.IO.File.Delete(File("merged") + ".rotations");

        StudyEdit.Execute(shards[1], "UPDATE memory SET positive = x'07' WHERE id = 3");   // the nulls are whole, and written first
        Refused("KH5105", shards);
    }

    [Fact]
    public void An_unknown_null_is_damage()
    {
        string[] shards = Shards();
        foreach (string shard in shards)
        {
            StudyEdit.Execute(shard, "UPDATE provenance SET value = 'directions,dreams' WHERE key = 'option.nulls'");
        }

        Assert.Contains("'dreams'", Refused("KH5105", shards).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _tiny.Dispose();

    private static void Same(string expected, string actual)
    {
        StudyTables.Same(expected, actual);
        foreach (NullKind kind in s_both)
        {
            StudyTables.Same(NullStudy.PathOf(expected, kind), NullStudy.PathOf(actual, kind));
        }
    }

    private string[] Shards()
    {
        MiningOptions options = Options() with { Layers = [0], Rules = new MiningRules { Top = 2 } };
        return [.. Enumerable.Range(0, 2).Select(i => Mine(options with { Shard = new CorpusShard(i, 2) }, $"{i}"))];
    }

    private InputRefusedException Refused(string code, string[] shards)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Merge("merged", shards));
        Assert.Equal(code, refused.Code);
        Assert.Empty(Directory.GetFiles(_tiny.Folder, "merged*"));
        return refused;
    }

    private MergeResult Merge(string name, params string[] shards) => Merge(name, partial: false, shards);

    private MergeResult Merge(string name, bool partial, params string[] shards)
    {
        using var merger = new StudyMerger(new MergeOptions { Shards = shards, Output = File(name), Partial = partial, Threads = 2 });
        return merger.Run(cancellation: TestContext.Current.CancellationToken);
    }

    private string File(string name) => Path.Combine(_tiny.Folder, name);

    private string Mine(MiningOptions options, string name)
    {
        TinyRun.Mine(options with { Output = File(name) }).Dispose();
        return File(name);
    }

    private MiningOptions Options() => _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Nulls = s_both, NullSeed = 1 };
}
