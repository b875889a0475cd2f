using Keyhole.Engine;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>A run that is stopped anywhere and goes on makes the study of one that was not.</summary>
public sealed class MinerResumeTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    public static TheoryData<string> Kinds => ["llama", "opt by pre-activation", "mixtral", "olmoe distinct", "llama beyond the top", "mixtral beyond the top"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_run_that_is_stopped_again_and_again_makes_the_same_study(string kind)
    {
        MiningOptions options = Options(kind) with { ChunkTokens = 40 };
        StudyContent whole = StudyContent.Of(TinyRun.Mine(options));

        MiningOptions stopped = options with { Output = options.Output + "-stopped", Resume = true, Checkpoints = CheckpointInterval.Every(1000) };
        var random = new Random(5);
        int stops = 0;
        while (!Mine(stopped, stopAfter: random.Next(1, 12)))
        {
            stops++;
            Assert.True(RunFolder.HasCheckpoint(stopped.Output));
            Assert.False(File.Exists(stopped.Output));
        }

        Assert.InRange(stops, 4, 1000);
        using Study study = Study.Open(stopped.Output);
        whole.AssertSame(StudyContent.Of(study));
        Assert.False(Directory.Exists(RunFolder.PathOf(stopped.Output)));
    }

    [Theory]
    [InlineData("llama", false)]
    [InlineData("llama beyond the top", true)]
    public void A_run_that_is_killed_goes_on_from_its_last_checkpoint(string kind, bool nulls)
    {
        MiningOptions options = Options(kind) with { ChunkTokens = 40, Checkpoints = CheckpointInterval.Every(0), Nulls = nulls ? [NullKind.Directions, NullKind.Rotations] : [], NullSeed = 2 };
        TinyRun.Mine(options).Dispose();
        StudyContent[] whole = [.. Studies(options.Output).Select(StudyContent.Of)];

        // What a killed process leaves is what its folder holds at that moment: it is copied while the run goes on.
        MiningOptions killed = options with { Output = options.Output + "-killed" };
        var left = new List<string>();
        using (var miner = new Miner(killed))
        {
            int reports = 0;
            miner.Run(progress: new Watch(_ =>
            {
                if (++reports % 7 == 0 && RunFolder.HasCheckpoint(killed.Output))
                {
                    string copy = $"{options.Output}-left-{left.Count}";
                    CopyFolder(RunFolder.PathOf(killed.Output), RunFolder.PathOf(copy));
                    left.Add(copy);
                }
            }));
        }

        Assert.InRange(left.Count, 3, 100);
        foreach (string copy in left)
        {
            TinyRun.Mine(options with { Output = copy, Resume = true }).Dispose();
            foreach ((StudyContent expected, string study) in whole.Zip(Studies(copy)))
            {
                expected.AssertSame(StudyContent.Of(study));
            }
        }

        string[] Studies(string output) => [output, .. options.Nulls.Select(kind => NullStudy.PathOf(output, kind))];
    }

    [Fact]
    public void Reading_goes_on_where_it_was_stopped()
    {
        // More units than a batch has, so that a run can be stopped while it reads.
        string corpus = _tiny.Corpus(Enumerable.Range(0, 6000).Select(i => TinyRun.Lines[i % TinyRun.Lines.Count]));
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Opt()), corpus) with { Layers = [0], ChunkTokens = 30000 };
        StudyContent whole = StudyContent.Of(TinyRun.Mine(options));
        foreach (int? sample in (int?[])[null, 5000])
        {
            MiningOptions stopped = options with { Output = $"{options.Output}-{sample}", Sample = sample, Resume = true, Checkpoints = CheckpointInterval.Every(1000) };
            int stops = 0;
            while (!Mine(stopped, stopAfter: 1))
            {
                stops++;
            }

            Assert.InRange(stops, 2, 100);
            using Study study = Study.Open(stopped.Output);
            (sample is null ? whole : StudyContent.Of(TinyRun.Mine(options with { Output = $"{options.Output}-sample", Sample = sample }))).AssertSame(StudyContent.Of(study));
        }
    }

    [Fact]
    public void A_finished_study_is_left_as_it_is()
    {
        MiningOptions options = Options("llama");
        TinyRun.Mine(options).Dispose();
        byte[] bytes = File.ReadAllBytes(options.Output);
        DateTime written = File.GetLastWriteTimeUtc(options.Output);
        using (var miner = new Miner(options with { Resume = true }))
        {
            MiningResult result = miner.Run();
            Assert.True(result.WasFinished);
            Assert.Equal(60, result.Units, tolerance: 20);
        }

        Assert.Equal(bytes, File.ReadAllBytes(options.Output));
        Assert.Equal(written, File.GetLastWriteTimeUtc(options.Output));

        using (var miner = new Miner(options with { Resume = true, Overwrite = true }))
        {
            Assert.True(miner.Run().WasFinished);
        }

        Directory.CreateDirectory(RunFolder.PathOf(options.Output));   // as a run leaves it that is killed between its last two steps
        File.WriteAllText(Path.Combine(RunFolder.PathOf(options.Output), "checkpoint"), "old");
        using (var miner = new Miner(options with { Resume = true }))
        {
            Assert.True(miner.Run().WasFinished);
        }

        Assert.False(Directory.Exists(RunFolder.PathOf(options.Output)));
        File.AppendAllText(options.Corpus[0], "more\n");
        Refused("KH5011", "corpus.txt", options with { Resume = true });
        Refused("KH5011", "the option 'top' was '25' and is '9' now", options with { Resume = true, Rules = new MiningRules { Top = 9 } });
        using (var miner = new Miner(options with { Resume = true, Overwrite = true, Rules = new MiningRules { Top = 9 } }))
        {
            Assert.False(miner.Run().WasFinished);
        }
    }

    [Fact]
    public void What_has_changed_since_is_named_and_the_checkpoint_stays()
    {
        MiningOptions options = Options("llama") with { ChunkTokens = 40, Checkpoints = CheckpointInterval.Every(1000), Resume = true };
        Assert.False(Mine(options, stopAfter: 9));
        byte[] checkpoint = File.ReadAllBytes(Path.Combine(RunFolder.PathOf(options.Output), "checkpoint"));

        Refused("KH5010", "--resume", options with { Resume = false });
        Refused("KH5011", "the option 'top' was '25' and is '9' now", options with { Rules = new MiningRules { Top = 9 } });
        Refused("KH5011", "the option 'sample' was not given and is '5' now", options with { Sample = 5 });
        Refused("KH5011", "the number of shards (--shard)", options with { Shard = new CorpusShard(0, 2) });
        Refused("KH5011", "the SHA-256 of the model's weights", options with { Model = _tiny.Model(TinyModel.Llama(seed: 2), "other") });
        Refused("KH5011", "the hash of the model's tokenizer", options with { Model = Retokenised(options.Model) });
        string text = File.ReadAllText(options.Corpus[0]);
        File.WriteAllText(options.Corpus[0], "b" + text[1..]);
        Refused("KH5011", "of the corpus 'corpus.txt' has other content", options);
        File.WriteAllText(options.Corpus[0], text + "more\n");
        Refused("KH5011", "of the corpus 'corpus.txt' has", options);
        File.WriteAllText(options.Corpus[0], text);
        Refused("KH5011", "'more.txt' is new among its files", options with { Corpus = [options.Corpus[0], _tiny.Corpus(["more"], "more.txt")] });

        Assert.Equal(checkpoint, File.ReadAllBytes(Path.Combine(RunFolder.PathOf(options.Output), "checkpoint")));
        Assert.True(Mine(options, stopAfter: int.MaxValue));
    }

    [Fact]
    public void Without_a_checkpoint_it_begins_and_overwrite_begins_anew()
    {
        MiningOptions options = Options("llama") with { ChunkTokens = 40, Checkpoints = CheckpointInterval.Every(1000) };
        StudyContent whole = StudyContent.Of(TinyRun.Mine(options with { Resume = true }));

        MiningOptions other = options with { Output = options.Output + "-2", Rules = new MiningRules { Top = 3 } };
        Assert.False(Mine(other, stopAfter: 9));
        using Study study = TinyRun.Mine(options with { Output = other.Output, Overwrite = true });
        whole.AssertSame(StudyContent.Of(study));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(300)]
    [InlineData(-40)]
    public void A_damaged_checkpoint_is_refused(int at)
    {
        MiningOptions options = Options("llama") with { ChunkTokens = 40, Checkpoints = CheckpointInterval.Every(1000), Resume = true };
        Assert.False(Mine(options, stopAfter: 9));
        string checkpoint = Path.Combine(RunFolder.PathOf(options.Output), "checkpoint");
        byte[] bytes = File.ReadAllBytes(checkpoint);
        bytes[at < 0 ? bytes.Length + at : at] ^= 1;
        File.WriteAllBytes(checkpoint, bytes);
        Refused("KH5013", "damaged", options);
        File.WriteAllBytes(checkpoint, bytes[..(bytes.Length / 2)]);
        Refused("KH5013", "damaged", options);
        File.WriteAllBytes(checkpoint, []);
        Refused("KH5013", "damaged", options);
    }

    [Theory]
    [InlineData("tokens")]
    [InlineData("units")]
    public void Files_of_the_run_that_are_shorter_or_others_are_refused(string name)
    {
        MiningOptions options = Options("llama") with { ChunkTokens = 40, Checkpoints = CheckpointInterval.Every(1000), Resume = true };
        Assert.False(Mine(options, stopAfter: 9));
        string file = Path.Combine(RunFolder.PathOf(options.Output), name);
        byte[] bytes = File.ReadAllBytes(file);
        if (bytes.Length > 0)
        {
            File.WriteAllBytes(file, bytes[..^1]);
            Refused("KH5013", "damaged", options);
            File.WriteAllBytes(file, [.. Enumerable.Repeat((byte)0xFF, bytes.Length)]);
            Refused("KH5013", "damaged", options);
        }
    }

    [Fact]
    public void Anybody_may_ask_how_far_a_stopped_run_is()
    {
        MiningOptions options = Options("llama") with { ChunkTokens = 40, Checkpoints = CheckpointInterval.Every(1000), Resume = true, Shard = new CorpusShard(1, 3) };
        Assert.Null(RunProgress.Of(options.Output));
        Assert.False(Mine(options, stopAfter: 9));
        RunProgress progress = RunProgress.Of(options.Output)!;
        Assert.True(progress.IsRead);
        Assert.InRange(progress.Share, 0.01, 0.99);
        Assert.True(Mine(options, stopAfter: int.MaxValue));
        using Study study = Study.Open(options.Output);
        Assert.Equal(study.TokenCount, progress.Tokens);
        Assert.Null(RunProgress.Of(options.Output));
    }

    [Fact]
    public void Two_runs_do_not_write_one_study()
    {
        MiningOptions options = Options("llama");
        using (RunFolder.Enter(options.Output, resume: false, overwrite: false))
        {
            Refused("KH5113", "another run", options);
        }

        TinyRun.Mine(options).Dispose();
    }

    [Fact]
    public void A_run_without_checkpoints_leaves_nothing()
    {
        MiningOptions options = Options("llama") with { ChunkTokens = 40 };
        Assert.False(Mine(options, stopAfter: 9));
        Assert.False(Directory.Exists(RunFolder.PathOf(options.Output)));
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_leaves_the_one_before()
    {
        MiningOptions options = Options("llama") with { ChunkTokens = 40, Checkpoints = CheckpointInterval.Every(1000), Resume = true };
        Assert.False(Mine(options, stopAfter: 9));
        string folder = RunFolder.PathOf(options.Output);
        byte[] before = File.ReadAllBytes(Path.Combine(folder, "checkpoint"));
        Directory.CreateDirectory(Path.Combine(folder, "checkpoint.new"));   // nothing can be written there, whoever the user is
        StudyNotWrittenException failure = Assert.Throws<StudyNotWrittenException>(() => Mine(options, stopAfter: 5));
        Assert.Equal("KH5012", failure.Code);
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(folder, "checkpoint")));
        Directory.Delete(Path.Combine(folder, "checkpoint.new"));
        Assert.True(Mine(options, stopAfter: int.MaxValue));
    }

    public void Dispose() => _tiny.Dispose();

    private MiningOptions Options(string kind)
    {
        (TinyModel model, MiningRules rules) = kind switch
        {
            "llama" => (TinyModel.Llama(), new MiningRules()),
            "opt by pre-activation" => (TinyModel.Opt(), new MiningRules { Top = 6, RankBy = RankBy.Pre }),
            "llama beyond the top" => (TinyModel.Llama(), new MiningRules { Top = 6, SampleQuantiles = true, SignCases = true }),
            "mixtral beyond the top" => (TinyModel.Mixtral(), new MiningRules { Top = 6, SampleQuantiles = true, SignCases = true, PerPrefix = true, Distinct = 2 }),
            "mixtral" => (TinyModel.Mixtral(), new MiningRules { Top = 6, PerPrefix = true }),
            _ => (TinyModel.Olmoe(), new MiningRules { Top = 6, Distinct = 2 }),
        };
        return _tiny.Options(_tiny.Model(model), _tiny.Corpus(TinyRun.Lines)) with { Rules = rules };
    }

    // Whether the run came to its end before it had made so many reports.
    private static bool Mine(MiningOptions options, int stopAfter)
    {
        using var stop = new CancellationTokenSource();
        using var miner = new Miner(options);
        int reports = 0;
        try
        {
            miner.Run(progress: new Watch(_ =>
            {
                if (++reports == stopAfter)
                {
                    stop.Cancel();
                }
            }), cancellation: stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static void Refused(string code, string part, MiningOptions options)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() =>
        {
            using var miner = new Miner(options);
            miner.Run();
        });
        Assert.Equal(code, refused.Code);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    private string Retokenised(string model)
    {
        string copy = Path.Combine(_tiny.Folder, "retokenised");
        CopyFolder(model, copy);
        TinyTokenizer.Write(copy, bos: true, eos: true);
        return copy;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from).Where(file => Path.GetFileName(file) != "lock"))
        {
            File.WriteAllBytes(Path.Combine(to, Path.GetFileName(file)), ReadShared(file));
        }
    }

    private static byte[] ReadShared(string file)
    {
        // The run holds its files for itself, as far as programs of this kind heed that; a copy made by another program would be this one.
        using System.Diagnostics.Process cat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true })!;
        using var bytes = new MemoryStream();
        cat.StandardOutput.BaseStream.CopyTo(bytes);
        cat.WaitForExit();
        return bytes.ToArray();
    }

    private sealed class Watch(Action<MiningProgress> act) : IProgress<MiningProgress>
    {
        public void Report(MiningProgress value) => act(value);
    }
}
