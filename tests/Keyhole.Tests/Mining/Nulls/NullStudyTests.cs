using Keyhole.Analyses;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;
using Keyhole.Studies.Merging;
using Keyhole.Tests.Studies.Merging;
using Keyhole.TestSupport;
using Keyhole.Verification.Studies;
using Xunit;

namespace Keyhole.Tests.Mining.Nulls;

/// <summary>The studies of nulls are studies: they do not depend on threads, chunks, stops and shards, are verified and merged, and say what they are.</summary>
public sealed class NullStudyTests : IDisposable
{
    private static readonly NullKind[] s_both = [NullKind.Directions, NullKind.Rotations];
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData(1, 64, null)]
    [InlineData(3, int.MaxValue, null)]
    [InlineData(2, 50, 1L)]   // as little memory as there may be: layers are streamed, directions drawn anew for each chunk
    public void The_same_rows_for_any_threads_chunks_and_memory(int threads, int chunkTokens, long? memory)
    {
        MiningOptions options = Options();
        TinyRun.Mine(options).Dispose();
        MiningOptions other = options with { Output = options.Output + "-other", Threads = threads, ChunkTokens = chunkTokens };
        if (memory is not null)
        {
            InputRefusedException refused = Assert.Throws<InputRefusedException>(() => TinyRun.Mine(other with { Memory = memory }));
            other = other with { Memory = long.Parse(System.Text.RegularExpressions.Regex.Match(refused.Message, "takes ([0-9]+)MiB").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) << 20 };
        }

        TinyRun.Mine(other).Dispose();
        Same(options, other);
    }

    [Fact]
    public void The_memories_of_a_run_with_nulls_are_those_of_one_without()
    {
        MiningOptions options = Options();
        using Study with = TinyRun.Mine(options);
        using Study without = TinyRun.Mine(options with { Output = options.Output + "-without", Nulls = [] });
        foreach ((MemoryRecord expected, MemoryRecord actual) in without.Memories().Zip(with.Memories()))
        {
            MinerInvarianceTests.Same(expected, actual);
        }

        // And a null is the same whichever others are mined.
        TinyRun.Mine(options with { Output = options.Output + "-one", Nulls = [NullKind.Rotations] }).Dispose();
        StudyContent.Of(Null(options, NullKind.Rotations)).AssertSame(StudyContent.Of(Null(options with { Output = options.Output + "-one" }, NullKind.Rotations)));
        Assert.False(File.Exists(Null(options with { Output = options.Output + "-one" }, NullKind.Directions)));
    }

    [Fact]
    public void Another_seed_gives_other_nulls()
    {
        MiningOptions options = Options();
        TinyRun.Mine(options).Dispose();
        TinyRun.Mine(options with { Output = options.Output + "-other", NullSeed = 2 }).Dispose();
        foreach (NullKind kind in s_both)
        {
            using Study first = Study.Open(Null(options, kind));
            using Study second = Study.Open(Null(options with { Output = options.Output + "-other" }, kind));
            Assert.All(first.Memories().Zip(second.Memories()), pair => Assert.NotEqual(pair.First.Statistics.Sum2, pair.Second.Statistics.Sum2));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]   // with everything that can be kept
    public void A_run_that_is_stopped_again_and_again_makes_the_same_studies(bool all)
    {
        MiningOptions options = Options() with { ChunkTokens = 40, Rules = new MiningRules { Top = 6, SampleQuantiles = all, SignCases = all } };
        TinyRun.Mine(options).Dispose();
        MiningOptions stopped = options with { Output = options.Output + "-stopped", Resume = true, Checkpoints = CheckpointInterval.Every(1000) };
        var random = new Random(5);
        int stops = 0;
        while (!MinesToTheEnd(stopped, random.Next(2, 12)))
        {
            stops++;
        }

        Assert.InRange(stops, 4, 1000);
        Same(options, stopped);
        using var miner = new Miner(stopped);
        Assert.True(miner.Run(cancellation: TestContext.Current.CancellationToken).WasFinished);
    }

    [Fact]
    public void A_finished_run_whose_null_is_gone_says_so()
    {
        MiningOptions options = Options();
        TinyRun.Mine(options).Dispose();
        File.Delete(Null(options, NullKind.Directions));
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => TinyRun.Mine(options with { Resume = true }));
        Assert.Equal("KH5101", refused.Code);
        Assert.Contains(".directions", refused.Message, StringComparison.Ordinal);
        Assert.Equal("KH5011", Assert.Throws<InputRefusedException>(() => TinyRun.Mine(options with { Resume = true, Nulls = [NullKind.Rotations] })).Code);
    }

    [Fact]
    public void A_null_that_is_there_is_not_replaced_unasked()
    {
        MiningOptions options = Options();
        File.WriteAllText(Null(options, NullKind.Rotations), "mine");
        Assert.Equal("KH5110", Assert.Throws<InputRefusedException>(() => TinyRun.Mine(options)).Code);
        Assert.False(File.Exists(options.Output));
        TinyRun.Mine(options with { Overwrite = true }).Dispose();
        Study.Open(Null(options, NullKind.Rotations)).Dispose();
    }

    [Fact]
    public void A_study_of_memories_and_one_of_a_null_are_no_shards_of_one_run()
    {
        MiningOptions options = Options();
        MiningOptions[] shards = [.. Enumerable.Range(0, 2).Select(i => options with { Output = $"{options.Output}-{i}", Shard = new CorpusShard(i, 2) })];
        foreach (MiningOptions shard in shards)
        {
            TinyRun.Mine(shard).Dispose();
        }

        Assert.Equal("KH5241", Assert.Throws<InputRefusedException>(() => new StudyMerger(new MergeOptions
        {
            Shards = [shards[0].Output, Null(shards[1], NullKind.Directions)],
            Output = options.Output + "-mixed",
            Threads = 1,
        })).Code);
    }

    [Fact]
    public void A_null_is_verified_and_a_changed_one_is_not()
    {
        MiningOptions options = Options();
        TinyRun.Mine(options).Dispose();
        foreach (NullKind kind in s_both)
        {
            Assert.All(Verify(Null(options, kind)).Checks, check => Assert.Equal(0, check.Failures));
            StudyEdit.Execute(Null(options, kind), "UPDATE provenance SET value = '77' WHERE key = 'option.null-seed'");
            Assert.False(Verify(Null(options, kind)).IsVerified);
        }

        StudyVerdict Verify(string study) => StudyVerification.Run(new StudyVerificationOptions { Study = study, Full = true, Threads = 2 }, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_null_says_what_it_is_and_has_no_model()
    {
        MiningOptions options = Options();
        using Study memories = TinyRun.Mine(options);
        Assert.Null(NullStudy.KindOf(memories.Provenance));
        Assert.Equal(("directions,rotations", "1"), (memories.Provenance.Options["nulls"], memories.Provenance.Options["null-seed"]));
        foreach (NullKind kind in s_both)
        {
            using Study study = Study.Open(Null(options, kind));
            Assert.Equal(kind, NullStudy.KindOf(study.Provenance));
            Assert.Equal((options.Output, "1"), (study.Provenance.Run.Options["null-of"], study.Provenance.Options["null-seed"]));
            Assert.Equal((memories.UnitCount, memories.TokenCount, memories.Provenance.Candidates), (study.UnitCount, study.TokenCount, study.Provenance.Candidates));
            Assert.Equal(kind == NullKind.Directions, study.Shape.Gated);
            Assert.Equal(kind == NullKind.Directions ? "silu" : "linear", study.Shape.Activation);
            Assert.Equal("KH7503", Assert.Throws<InputRefusedException>(() => StudyModel.Open(study, options.Model, TestContext.Current.CancellationToken)).Code);
            Assert.Equal(kind, NullComparison.Of(memories, study).Kind);
            Assert.Equal("KH7504", Assert.Throws<InputRefusedException>(() => NullComparison.Of(study, memories)).Code);
        }
    }

    [Fact]
    public void What_cannot_be_rotated_is_refused_before_anything_is_read()
    {
        MiningOptions mixture = Options() with { Model = _tiny.Model(TinyModel.Mixtral(), "mixture") };
        Assert.Equal("KH7501", Assert.Throws<InputRefusedException>(() => new Miner(mixture)).Code);
        Assert.Equal("KH7502", Assert.Throws<InputRefusedException>(() => new Miner(Options() with { Rules = new MiningRules { RankBy = RankBy.Pre } })).Code);
        TinyRun.Mine(mixture with { Nulls = [NullKind.Directions] }).Dispose();
    }

    public void Dispose() => _tiny.Dispose();

    private static string Null(MiningOptions options, NullKind kind) => NullStudy.PathOf(options.Output, kind);

    private static void Same(MiningOptions expected, MiningOptions actual)
    {
        StudyContent.Of(expected.Output).AssertSame(StudyContent.Of(actual.Output));
        foreach (NullKind kind in s_both)
        {
            StudyContent.Of(Null(expected, kind)).AssertSame(StudyContent.Of(Null(actual, kind)));
        }
    }

    private static bool MinesToTheEnd(MiningOptions options, int stopAfter)
    {
        using var stop = new CancellationTokenSource();
        using var miner = new Miner(options);
        try
        {
            miner.Run(progress: new StopAfter(stopAfter, stop), cancellation: stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private MiningOptions Options() => _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Rules = new MiningRules { Top = 6 }, Nulls = s_both, NullSeed = 1 };

    private sealed class StopAfter(int reports, CancellationTokenSource stop) : IProgress<MiningProgress>
    {
        private int _reports;

        public void Report(MiningProgress value)
        {
            if (++_reports == reports)
            {
                stop.Cancel();
            }
        }
    }
}
