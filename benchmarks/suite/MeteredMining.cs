using System.Globalization;
using System.Text.Json;
using Keyhole.Cli.Bench;
using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.Benchmarks;

/// <summary>One run of mining beside matrix products, in a process of its own so that its memory is its own: <c>mine MODEL CORPUS UNIT THREADS TOP LAYERS SHARDS LIMIT</c>.</summary>
/// <param name="Tokens">Tokens mined.</param>
/// <param name="Operations">2 x multiply-adds of the linear maps and of attention.</param>
/// <param name="MineSeconds">Forward pass and statistics.</param>
/// <param name="AllSeconds">Everything after loading.</param>
/// <param name="Rate">Of matrix products, measured in between, floating-point operations per second.</param>
/// <param name="HeldBytes">Most memory held, mapped pages apart.</param>
internal sealed record MeteredMining(long Tokens, double Operations, double MineSeconds, double AllSeconds, double Rate, long HeldBytes)
{
    /// <summary>Share of the rate that the forward pass with statistics keeps.</summary>
    public double PassShare => Operations / MineSeconds / Rate;

    /// <summary>Share of the rate that everything after loading keeps.</summary>
    public double WholeShare => Operations / AllSeconds / Rate;

    /// <summary>Operations that matrix products would have done in the time of everything after loading: time that does not depend on how fast the machine was.</summary>
    public double Cost => AllSeconds * Rate;

    /// <summary>Runs it in a process of its own.</summary>
    public static MeteredMining InProcess(Suite suite, string model, string corpus, UnitKind unit, int top = 25, int layers = 0, int shards = 1, long limit = 0)
        => JsonSerializer.Deserialize<MeteredMining>(ChildProcess.Self("mine", model, corpus, $"{unit}", Number(suite.Threads), Number(top), Number(layers), Number(shards), Number(limit)).Output)!;

    /// <summary>The process of <see cref="InProcess"/>.</summary>
    public static void Child(ReadOnlySpan<string> arguments)
    {
        int[] numbers = [.. arguments[3..].ToArray().Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        (int threads, int top, int layers, int shards, int limit) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        var options = new MiningOptions
        {
            Model = arguments[0],
            Corpus = [arguments[1]],
            Unit = Enum.Parse<UnitKind>(arguments[2]),
            Output = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"keyhole-metered-{Environment.ProcessId}.study")),
            Layers = layers > 0 ? [.. Enumerable.Range(0, layers)] : null,
            Limit = limit > 0 ? limit : null,
            Threads = threads,
            Rules = new MiningRules { Top = top },
        };
        Console.WriteLine(JsonSerializer.Serialize(Run(options, shards)));
    }

    private static MeteredMining Run(MiningOptions options, int shards)
    {
        const int WarmUpUnits = 100;
        try
        {
            using (var warm = new Miner(options with { Limit = WarmUpUnits }))
            {
                warm.Run();
            }

            using var memory = new ResidentMemory();
            MeteredMining? sum = null;
            for (int shard = 0; shard < shards; shard++)
            {
                MeteredMining one = Run(options with { Overwrite = true, Shard = new CorpusShard(shard, shards) });
                sum = sum is null ? one : sum.Plus(one);
            }

            return sum! with { HeldBytes = memory.Peak };
        }
        finally
        {
            File.Delete(options.Output);
        }
    }

    private static MeteredMining Run(MiningOptions options)
    {
        using var meter = new GemmMeter(options.Threads);
        using var miner = new Miner(options);
        var pauses = new MeteredProgress(meter);
        meter.Begin();
        MiningResult mined = miner.Run(progress: pauses);
        meter.End();
        return new MeteredMining(mined.Tokens, mined.FloatingPointOperations, mined.MineSeconds - pauses.MineSeconds, mined.AfterLoadSeconds - meter.PausedSeconds, meter.Rate, 0);
    }

    private MeteredMining Plus(MeteredMining other) => new(
        Tokens + other.Tokens,
        Operations + other.Operations,
        MineSeconds + other.MineSeconds,
        AllSeconds + other.AllSeconds,
        (Cost + other.Cost) / (AllSeconds + other.AllSeconds),
        0);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
