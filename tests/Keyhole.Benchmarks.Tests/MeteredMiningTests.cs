using Keyhole.Cli;
using Keyhole.Cli.Bench;
using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class MeteredMiningTests
{
    private const int Width = 24;
    private const int Heads = 4;
    private const int KeyValueHeads = 2;
    private const int HeadSize = 6;
    private const int Memories = 40;

    private static readonly string[] s_lines = ["a line of text", "another", "b", "größer als vorher, und noch viel länger", "the last one"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Multiply_adds_are_those_of_the_closed_form(int layers)
    {
        using var folder = new TemporaryFolder();
        MiningOptions options = Options(folder) with { Layers = [.. Enumerable.Range(0, layers)] };
        using var meter = new GemmMeter(options.Threads);
        MeteredMining run = MeteredMining.Run(options, meter);

        int[] lengths = [.. s_lines.Select(line => 1 + System.Text.Encoding.UTF8.GetByteCount(line))];   // BOS and a token a byte
        double tokens = lengths.Sum();
        double pairs = lengths.Sum(n => n * (n + 1) / 2.0);
        double attention = Width * HeadSize * (Heads + KeyValueHeads + KeyValueHeads + Heads);   // queries, keys, values, output
        double multiplyAdds = 0;
        for (int layer = 0; layer < layers; layer++)
        {
            int maps = layer + 1 < layers ? 3 : 2;   // gate, in, and out but for the last layer's values, which nothing asks for
            multiplyAdds += (tokens * (attention + (maps * Width * Memories))) + (2 * pairs * Heads * HeadSize);
        }

        Assert.Equal((long)tokens, run.Tokens);
        Assert.Equal(2 * multiplyAdds, run.Operations);
    }

    [Fact]
    public void Measuring_beside_mining_changes_nothing_of_what_is_mined()
    {
        using var folder = new TemporaryFolder();
        MiningOptions plain = Options(folder) with { ChunkTokens = 64 };
        using (var miner = new Miner(plain))
        {
            miner.Run();
        }

        MiningOptions metered = plain with { Output = folder.File("metered") };
        using var meter = new GemmMeter(metered.Threads, between: TimeSpan.Zero);
        MeteredMining run = MeteredMining.Run(metered, meter);
        Assert.True(meter.Pauses > 2, "Nothing was measured in between.");
        Assert.True(meter.PausedSeconds > 0 && run.MineSeconds <= run.AllSeconds, $"{run} with {meter.PausedSeconds} s of measuring");
        StudyContent.Of(plain.Output).AssertSame(StudyContent.Of(metered.Output));
    }

    [Fact]
    public void A_meter_measures_one_stretch_after_another()
    {
        using var meter = new GemmMeter(2, between: TimeSpan.Zero);
        for (int stretch = 0; stretch < 2; stretch++)
        {
            meter.Begin();
            Assert.Equal((0, 0.0, 0.0), (meter.Pauses, meter.Seconds, meter.Operations));
            meter.Pause();
            meter.End();
            Assert.Equal(1, meter.Pauses);
            Assert.True(meter.PausedSeconds > meter.Seconds, $"{meter.Seconds} s of nothing, {meter.PausedSeconds} s of measuring");
            Assert.Equal(meter.Operations / meter.Seconds, meter.Rate);
        }
    }

    [Fact]
    public void Shards_add_up()
    {
        var one = new MeteredMining(Tokens: 10, Operations: 60, MineSeconds: 2, AllSeconds: 3, Rate: 40, HeldBytes: 7);
        var other = new MeteredMining(Tokens: 20, Operations: 140, MineSeconds: 3, AllSeconds: 5, Rate: 56, HeldBytes: 5);
        MeteredMining both = one.Plus(other);
        Assert.Equal(new MeteredMining(30, 200, 5, 8, 50, 7), both);
        Assert.Equal(one.Cost + other.Cost, both.Cost);
        Assert.Equal((0.8, 0.5), (both.PassShare, both.WholeShare));
    }

    [Theory]
    [InlineData]
    [InlineData("model", "corpus")]
    [InlineData("model", "corpus", "Line", "2", "25", "0", "0", "1")]
    [InlineData("model", "corpus", "Line", "2", "25", "0", "1", "1", "0")]
    [InlineData("model", "corpus", "Line", "0", "25", "0", "0", "1", "0")]
    [InlineData("model", "corpus", "Line", "2", "25", "0", "0", "1", "-1")]
    [InlineData("model", "corpus", "Word", "2", "25", "0", "0", "1", "0")]
    public void Other_arguments_of_the_process_are_refused(params string[] arguments)
        => Assert.Throws<UsageException>(() => MeteredMining.Child(arguments));

    [Fact]
    public void Shards_in_processes_of_their_own_mine_every_token_once_and_leave_nothing()
    {
        using var folder = new TemporaryFolder();
        MiningOptions options = Options(folder);
        using Suite suite = TestSuite.Make(folder);
        MeteredMining run = MeteredMining.InProcess(suite, options.Model, options.Corpus[0], UnitKind.Line, top: 5, layers: 2, shards: 2);
        Assert.Equal(s_lines.Sum(line => 1 + System.Text.Encoding.UTF8.GetByteCount(line)), run.Tokens);
        Assert.True(!OperatingSystem.IsLinux() || run.HeldBytes > 0, "No memory was seen.");
        Assert.Empty(Directory.EnumerateFiles(suite.Work, "*.study*"));
    }

    private static MiningOptions Options(TemporaryFolder folder)
    {
        string model = TinyModel.Llama(layers: 3, Width, Heads, KeyValueHeads, HeadSize, Memories).Write(folder.File("model"));
        TinyTokenizer.Write(model);
        return new MiningOptions
        {
            Model = model,
            Corpus = [folder.Write("corpus.txt", string.Join('\n', s_lines) + "\n")],
            Output = folder.File("plain"),
            Unit = UnitKind.Line,
            Threads = 2,
            Rules = new MiningRules { Top = 3 },
        };
    }
}
