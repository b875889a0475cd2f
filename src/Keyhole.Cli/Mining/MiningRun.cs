using System.Globalization;
using Keyhole.Mining;

namespace Keyhole.Cli.Mining;

/// <summary>Runs the miner with its plan, progress and summary on the console.</summary>
internal static class MiningRun
{
    /// <summary>Mines; leaves a complete study or none.</summary>
    public static MiningResult Execute(MiningOptions options, CommandConsole console, CancellationToken stop)
    {
        using var miner = new Miner(options);
        MiningResult result = console.WithProgress("mining", progress => miner.Run(
            plan => console.Note(Describe(plan)),
            new PhaseProgress(progress),
            stop));
        if (console.Json)
        {
            console.WriteJson(1, json =>
            {
                json.WriteString("study", options.Output);
                json.WriteNumber("units", result.Units);
                json.WriteNumber("tokens", result.Tokens);
                json.WriteNumber("candidates", result.Candidates);
                json.WriteNumber("memories", result.Memories);
                json.WriteNumber("deadMemories", result.DeadMemories);
                json.WriteNumber("floatingPointOperations", result.FloatingPointOperations);
                json.WriteNumber("loadSeconds", Math.Round(result.LoadSeconds, 3));
                json.WriteNumber("tokenizeSeconds", Math.Round(result.TokenizeSeconds, 3));
                json.WriteNumber("mineSeconds", Math.Round(result.MineSeconds, 3));
                json.WriteNumber("writeSeconds", Math.Round(result.WriteSeconds, 3));
            });
        }
        else
        {
            console.Note(string.Create(CultureInfo.InvariantCulture, $"{options.Output}: {result.Memories:N0} memories ({result.DeadMemories:N0} never fired) over {result.Units:N0} units, {result.Tokens:N0} tokens, {result.Candidates:N0} candidate positions."));
            console.Note(string.Create(CultureInfo.InvariantCulture, $"load {result.LoadSeconds:F1} s, tokenize {result.TokenizeSeconds:F1} s, mine {result.MineSeconds:F1} s ({result.Tokens / result.MineSeconds:N0} tokens/s, {result.FloatingPointOperations / result.MineSeconds / 1e9:F0} Gflop/s), write {result.WriteSeconds:F1} s"));
        }

        return result;
    }

    private static string Describe(MemoryPlan plan)
    {
        static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N0}");
        string weights = plan.KeepsLayers ? "all layers" : "two layers at a time";
        return $"memory plan: {Size(plan.Total)} of {Size(plan.Budget)} MiB: runtime and tokenizer {Size(plan.Base)}, packed weights {Size(plan.Weights)} ({weights}), lists and statistics {Size(plan.Totals)}, workers {Size(plan.Workers)}, residual stream {Size(plan.Residual)} (chunks of {plan.ChunkTokens.ToString("N0", CultureInfo.InvariantCulture)} tokens)";
    }
}
