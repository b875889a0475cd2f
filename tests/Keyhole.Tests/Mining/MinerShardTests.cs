using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>Shards deal a corpus out evenly, without a gap or an overlap, and each keeps what merging needs. (What merging makes of them: Keyhole.Tests.Studies.)</summary>
public sealed class MinerShardTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(70)]   // more than there are units
    public void Units_are_dealt_out_once_each_and_evenly_in_tokens(int count)
    {
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Opt()), _tiny.Corpus(TinyRun.Lines));
        using Study whole = TinyRun.Mine(options);
        Dictionary<int, StudyUnit> units = whole.Units().ToDictionary(unit => unit.Index);
        var tokens = new List<long>();
        for (int shard = 0; shard < count; shard++)
        {
            using Study part = TinyRun.Mine(options with { Output = $"{options.Output}-{shard}-{count}", Shard = new CorpusShard(shard, count) });
            tokens.Add(part.TokenCount);
            Assert.Equal(whole.Provenance.Candidates, part.Provenance.Candidates);
            if (count == 1)
            {
                Assert.Null(part.Provenance.Shard);
            }
            else
            {
                Assert.Equal((count, whole.UnitCount, whole.TokenCount), (part.Provenance.Shard!.Count, part.Provenance.Shard.CorpusUnits, part.Provenance.Shard.CorpusTokens));
                Assert.Equal([shard], part.Provenance.Shard.Parts);
            }

            foreach (StudyUnit unit in part.Units())
            {
                Assert.True(units.Remove(unit.Index, out StudyUnit? same), $"unit {unit.Index} is in two shards");
                Assert.Equal((same.Text, same.Offset, same.File), (unit.Text, unit.Offset, unit.File));
                Assert.Equal(same.Tokens, unit.Tokens);
            }
        }

        Assert.Empty(units);
        Assert.InRange(tokens.Max() - tokens.Min(), 0, whole.Units().Max(unit => unit.Tokens.Length));
    }

    [Fact]
    public void Statistics_of_shards_add_up_to_those_of_the_whole()
    {
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines));
        using Study whole = TinyRun.Mine(options);
        Study[] parts = [.. Enumerable.Range(0, 3).Select(shard => TinyRun.Mine(options with { Output = $"{options.Output}-{shard}", Shard = new CorpusShard(shard, 3) }))];
        foreach (MemoryRecord memory in whole.Memories())
        {
            NeuronStatistics sum = parts.Select(part => part.Memory(memory.Id)!.Statistics).Aggregate(NeuronStatistics.Merge);
            Assert.Equal(Bytes(memory.Statistics), Bytes(sum));
        }

        foreach (Study part in parts)
        {
            part.Dispose();
        }
    }

    [Theory]
    [InlineData(true, RankBy.Pre, 3, true)]
    [InlineData(true, RankBy.Pre, 1, false)]   // a whole study needs none
    [InlineData(true, RankBy.Post, 3, false)]
    [InlineData(false, RankBy.Pre, 3, false)]   // gates are in the triggers
    public void Ranks_are_kept_where_triggers_do_not_tell_them(bool plain, RankBy rankBy, int shards, bool kept)
    {
        MiningOptions options = _tiny.Options(_tiny.Model(plain ? TinyModel.Opt() : TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with
        {
            Rules = new MiningRules { RankBy = rankBy, Top = 5 },
            Shard = new CorpusShard(0, shards),
        };
        using Study study = TinyRun.Mine(options);
        Assert.Equal(kept, study.HasTable("memory_rank"));
        if (kept)
        {
            foreach ((long id, byte[] bytes) in study.Query("SELECT id, positive FROM memory_rank", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1))))
            {
                float[] ranks = [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, 4 * i))];
                Assert.Equal(study.Memories().ElementAt((int)id).Positive.Length, ranks.Length);
                Assert.Equal(ranks.OrderDescending(), ranks);
            }
        }
    }

    [Fact]
    public void A_run_until_stable_is_a_run_over_the_first_units()
    {
        string corpus = _tiny.Corpus(Enumerable.Range(0, 6_000).Select(i => TinyRun.Lines[i % TinyRun.Lines.Count]));
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Opt()), corpus) with { Layers = [0, 1], ChunkTokens = 20_000, UntilStable = 0.5 };
        var windows = new HashSet<double>();
        MiningResult result = Mine(options, windows);
        Assert.True(result.IsStable);
        Assert.True(result.Changed < 0.5);
        Assert.InRange(result.Tokens, ChunkStage.WindowTokens, 120_000);   // the corpus has more
        using Study study = Study.Open(options.Output);
        Assert.Equal((result.Units, result.Tokens), ((int)study.UnitCount, study.TokenCount));
        Assert.Equal(Enumerable.Range(0, result.Units), study.Units().Select(unit => unit.Index));

        // Where it ends does not depend on chunks, threads or stops.
        MiningOptions other = options with { Output = options.Output + "-other", ChunkTokens = 3000, Threads = 1 };
        Assert.Equal(result.Tokens, Mine(other, []).Tokens);
        StudyContent.Of(options.Output).AssertSame(StudyContent.Of(other.Output));

        // But for the histograms' sample, which the whole corpus decides, it is a run with --limit.
        using Study limited = TinyRun.Mine(options with { Output = options.Output + "-limited", UntilStable = null, Limit = result.Units });
        foreach ((MemoryRecord a, MemoryRecord b) in study.Memories().Zip(limited.Memories()))
        {
            Assert.Equal(a.Positive, b.Positive);
            Assert.Equal((a.Statistics.Count, a.Statistics.Sum4, a.Statistics.Max), (b.Statistics.Count, b.Statistics.Sum4, b.Statistics.Max));
        }
    }

    [Fact]
    public void The_coverage_meter_counts_memories_whose_lists_changed()
    {
        // Two windows with the same texts: nothing of the second is better than the first, but for lists that were not full.
        string[] window = [.. Enumerable.Range(0, 400).Select(i => TinyRun.Lines[i % TinyRun.Lines.Count])];
        string corpus = _tiny.Corpus(Enumerable.Repeat(window, 12).SelectMany(lines => lines));
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Opt()), corpus) with { Rules = new MiningRules { Top = 2 }, ChunkTokens = 10_000 };
        var windows = new HashSet<double>();
        Mine(options, windows);
        using Study study = Study.Open(options.Output);
        double firing = study.Memories().Average(memory => memory.Positive.Length > 0 ? 1 : 0);
        Assert.Contains(firing, windows);   // every list that is not empty was made in the first window
        Assert.Contains(0.0, windows);
    }

    [Theory]
    [InlineData(2, new[] { 5, 3, 1, 4, 2 }, new[] { 0, 1, 1, 1, 0 })]
    [InlineData(3, new[] { 1, 1, 1, 1 }, new[] { 0, 1, 2, 0 })]
    public void The_shard_with_the_fewest_tokens_gets_the_next_text(int shards, int[] lengths, int[] expected)
    {
        long[] tokens = new long[shards];
        var dealer = new ShardDealer(tokens);
        Assert.Equal(expected, lengths.Select(dealer.Deal));
        Assert.Equal(lengths.Sum(), tokens.Sum());
    }

    public void Dispose() => _tiny.Dispose();

    private static MiningResult Mine(MiningOptions options, HashSet<double> windows)
    {
        using var miner = new Miner(options);
        return miner.Run(progress: new Windows(windows));
    }

    private static byte[] Bytes(NeuronStatistics statistics)
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            statistics.Write(writer);
        }

        return bytes.ToArray();
    }

    private sealed class Windows(HashSet<double> seen) : IProgress<MiningProgress>
    {
        public void Report(MiningProgress value)
        {
            if (!double.IsNaN(value.Changed))
            {
                seen.Add(value.Changed);
            }
        }
    }
}
