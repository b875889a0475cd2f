using Keyhole.Engine.Models;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Planning;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Planning;

public sealed class RunEstimateTests : IDisposable
{
    private static readonly CorpusEstimate Corpus = new() { Bytes = 500_000_000, SampledBytes = 1, IsCounted = false, Units = 4e6, Tokens = 1.2e8, Longest = 300, Operations = 8e15, PackedBytes = 5e8, ReadSeconds = 600 };

    private readonly Model _model = Model.Open(Path.Combine(SharedData.Repository, "models", "mini"));

    [Fact]
    public void Time_is_operations_at_a_share_of_the_rate()
    {
        RunEstimate one = Make(shards: 1, seconds: 3600);
        Assert.Equal(8e15 / (RunEstimate.Efficiency * 1e11), one.MineSeconds, 1e-6);
        Assert.Equal(600 + one.MineSeconds, one.ShardSeconds, 1e-6);
        RunEstimate ten = Make(shards: 10, seconds: 3600);
        Assert.Equal(one.MineSeconds, ten.MineSeconds);
        Assert.Equal(600 + (one.MineSeconds / 10), ten.ShardSeconds, 1e-6);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(14400)]
    [InlineData(200_000)]
    public void So_many_shards_that_each_takes_the_time_and_no_more_than_that(double seconds)
    {
        RunEstimate run = Make(shards: null, seconds);
        Assert.True(run.ShardSeconds <= seconds);
        Assert.True(run.Shards == 1 || Make(run.Shards - 1, seconds).ShardSeconds > seconds);
    }

    [Fact]
    public void Where_reading_alone_takes_longer_shards_are_still_of_some_use()
        => Assert.InRange(Make(shards: null, 300).MineSeconds / Make(shards: null, 300).Shards, 0, 30);

    [Fact]
    public void A_shards_disk_is_its_part_of_the_corpus_and_all_of_the_memories()
    {
        RunEstimate one = Make(shards: 1, seconds: 3600);
        RunEstimate ten = Make(shards: 10, seconds: 3600);
        Assert.Equal(one.StudyBytes, one.ShardBytes);
        Assert.Equal(one.StudyBytes, ten.StudyBytes);
        Assert.InRange(ten.ShardBytes, (one.StudyBytes / 10) + 1, one.StudyBytes - 1);
        Assert.True(one.RunFolderBytes > 4 * Corpus.Tokens);
        Assert.True(ten.RunFolderBytes > 0.4 * Corpus.Tokens && ten.RunFolderBytes < one.RunFolderBytes);
    }

    [Fact]
    public void Nulls_count_in_time_memory_and_disk()
    {
        RunEstimate plain = Make(shards: 4, seconds: 3600);
        RunEstimate directions = Make(shards: 4, seconds: 3600, NullKind.Directions);
        RunEstimate both = Make(shards: 4, seconds: 3600, NullKind.Directions, NullKind.Rotations);
        double keys = 2.0 * 256 * 1024 * 10;       // of mini, ten layers of 1,024 memories without gates, 256 wide
        double rotation = 2.0 * 1024 * 1024 * 10;
        Assert.Equal(0, plain.NullOperations);
        Assert.Equal(Corpus.Tokens * keys, directions.NullOperations, 1);
        Assert.Equal(Corpus.Tokens * (keys + rotation), both.NullOperations, 1);
        Assert.Equal(8e15 + both.NullOperations, both.Operations, 1);
        Assert.Equal(both.Operations / (RunEstimate.Efficiency * 1e11), both.MineSeconds, 1e-6);
        Assert.Equal(2 * plain.Memory.Totals, directions.Memory.Totals);
        Assert.True(directions.Memory.Nulls > 4 * 256 * 1024 && both.Memory.Nulls > directions.Memory.Nulls);
        Assert.True(directions.RunFolderBytes > plain.RunFolderBytes);
        Assert.Equal(2 * plain.ShardBytes, directions.ShardBytes, 1);   // a study like the other, with its texts
        Assert.Equal(3 * plain.StudyBytes, both.StudyBytes, 1);
    }

    [Fact]
    public void Samples_count_of_the_memories_and_of_every_null()
    {
        double Beyond(params NullKind[] nulls) => Make(new MiningRules { SampleQuantiles = true }, nulls).MineSeconds - Make(new MiningRules(), nulls).MineSeconds;
        Assert.InRange(Beyond() / Make(new MiningRules()).MineSeconds, 0.001, 0.2);
        Assert.Equal(3 * Beyond(), Beyond(NullKind.Directions, NullKind.Rotations), 1e-3);
        Assert.True(Make(new MiningRules { SampleQuantiles = true }).StudyBytes > Make(new MiningRules()).StudyBytes);
    }

    [Fact]
    public void What_the_model_does_not_have_is_refused()
        => Assert.Equal("KH5007", Assert.Throws<Keyhole.Engine.InputRefusedException>(() => RunEstimate.Make(Options() with { Layers = [77] }, _model.Spec, 8192, Corpus, 1e11, 1, 3600)).Code);

    public void Dispose() => _model.Dispose();

    private static MiningOptions Options() => new() { Model = "", Corpus = [], Output = "", Threads = 2 };

    private RunEstimate Make(int? shards, double seconds, params NullKind[] nulls) => RunEstimate.Make(Options() with { Nulls = nulls }, _model.Spec, 8192, Corpus, 1e11, shards, seconds);

    private RunEstimate Make(MiningRules rules, params NullKind[] nulls) => RunEstimate.Make(Options() with { Rules = rules, Nulls = nulls }, _model.Spec, 8192, Corpus, 1e11, 1, 3600);
}
