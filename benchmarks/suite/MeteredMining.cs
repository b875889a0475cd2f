using System.Globalization;
using System.Text.Json;
using Keyhole.Cli;
using Keyhole.Cli.Bench;
using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.Benchmarks;

/// <summary>One run of mining beside matrix products, in a process of its own so that its memory is its own: <c>mine MODEL CORPUS UNIT THREADS TOP LAYERS SHARD SHARDS LIMIT</c>.</summary>
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

    /// <summary>Runs it in a process of its own, and each shard in another.</summary>
    /// <param name="suite">The run of the suite.</param>
    /// <param name="model">Model folder or file.</param>
    /// <param name="corpus">Corpus file.</param>
    /// <param name="unit">Its units.</param>
    /// <param name="top">K.</param>
    /// <param name="layers">Layers to mine, from the first; 0 for all.</param>
    /// <param name="shards">Parts that the corpus is dealt out to, mined one after another.</param>
    /// <param name="limit">Units to mine; 0 for all.</param>
    /// <returns>All shards together; the memory is the largest shard's.</returns>
    public static MeteredMining InProcess(Suite suite, string model, string corpus, UnitKind unit, int top = 25, int layers = 0, int shards = 1, int limit = 0)
        => Enumerable.Range(0, shards)
            .Select(shard => suite.Self("mine", model, corpus, $"{unit}", Number(suite.Threads), Number(top), Number(layers), Number(shard), Number(shards), Number(limit)).Json.Deserialize<MeteredMining>()!)
            .Aggregate((one, other) => one.Plus(other));

    /// <summary>The process of <see cref="InProcess"/>.</summary>
    /// <param name="arguments">MODEL CORPUS UNIT THREADS TOP LAYERS SHARD SHARDS LIMIT.</param>
    /// <returns>The run as JSON.</returns>
    /// <exception cref="UsageException">The arguments are others.</exception>
    public static string Child(string[] arguments)
    {
        if (arguments is not [string model, string corpus, string unit, .. string[] rest]
            || !Enum.TryParse(unit, out UnitKind kind)
            || ReadNumbers(rest) is not [int threads and > 0, int top and > 0, int layers and >= 0, int shard and >= 0, int shards and > 0, int limit and >= 0]
            || shard >= shards)
        {
            throw new UsageException("'mine' takes MODEL CORPUS UNIT THREADS TOP LAYERS SHARD SHARDS LIMIT, numbers all but the first three.");
        }

        var options = new MiningOptions
        {
            Model = model,
            Corpus = [corpus],
            Unit = kind,
            Output = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"keyhole-metered-{Environment.ProcessId}.study")),
            Layers = layers > 0 ? [.. Enumerable.Range(0, layers)] : null,
            Limit = limit > 0 ? limit : null,
            Shard = new CorpusShard(shard, shards),
            Threads = threads,
            Rules = new MiningRules { Top = top },
        };
        return JsonSerializer.Serialize(RunWarm(options));
    }

    /// <summary>Mines once beside measurements; the study stays.</summary>
    /// <param name="options">What to mine.</param>
    /// <param name="meter">Measures whenever its threads rest.</param>
    public static MeteredMining Run(MiningOptions options, GemmMeter meter)
    {
        var run = MeteredRun.Of(options, meter);
        return new MeteredMining(run.Mined.Tokens, run.Mined.FloatingPointOperations, run.PassSeconds, run.AllSeconds, run.Rate, 0);
    }

    /// <summary>Both runs together.</summary>
    public MeteredMining Plus(MeteredMining other) => new(
        Tokens + other.Tokens,
        Operations + other.Operations,
        MineSeconds + other.MineSeconds,
        AllSeconds + other.AllSeconds,
        (Cost + other.Cost) / (AllSeconds + other.AllSeconds),
        Math.Max(HeldBytes, other.HeldBytes));

    // With everything compiled, and its memory watched.
    private static MeteredMining RunWarm(MiningOptions options)
    {
        const int WarmUpUnits = 100;
        try
        {
            using (var warm = new Miner(options with { Limit = WarmUpUnits }))
            {
                warm.Run();
            }

            using var meter = new GemmMeter(options.Threads);
            using var memory = new ResidentMemory();
            return Run(options with { Overwrite = true }, meter) with { HeldBytes = memory.Peak };
        }
        finally
        {
            File.Delete(options.Output);
        }
    }

    private static int[] ReadNumbers(string[] words)
        => [.. words.Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
