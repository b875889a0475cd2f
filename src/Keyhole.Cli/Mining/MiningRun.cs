using System.Globalization;
using System.Text.Json;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Cli.Mining;

/// <summary>Runs the miner with its plan, progress and summary on the console.</summary>
internal static class MiningRun
{
    /// <summary>Version of the result as JSON (docs/formats/results.md).</summary>
    public const int SchemaVersion = 1;

    /// <summary>Mines; leaves a complete study or none.</summary>
    public static MiningResult Mine(MiningOptions options, CommandConsole console, CancellationToken stop)
    {
        if (!options.Resume)
        {
            StudyWriter.RequireFree(options.Output, options.Overwrite); // before the model is opened
        }

        using var miner = new Miner(options);
        try
        {
            return console.WithProgress(progress => miner.Run(plan => console.Note(Describe(plan)), new PhaseProgress(progress), stop));
        }
        catch (OperationCanceledException) when (miner.CanGoOn)
        {
            console.Note("checkpoint written; the same command with --resume goes on from it.");
            throw;
        }
    }

    /// <summary>Says what was mined, and how fast.</summary>
    public static void Summarise(string study, MiningResult result, CommandConsole console)
    {
        if (result.WasFinished)
        {
            console.Note($"{study}: finished before; nothing was done.");
        }

        console.Note(string.Create(CultureInfo.InvariantCulture, $"{study}: {result.Memories:N0} memories ({result.DeadMemories:N0} never fired) over {result.Units:N0} units, {result.Tokens:N0} tokens, {result.Candidates:N0} candidate positions."));
        if (result.WasFinished)
        {
            return;
        }

        console.Note(string.Create(CultureInfo.InvariantCulture, $"load {result.LoadSeconds:F1} s, tokenize {result.TokenizeSeconds:F1} s, mine {result.MineSeconds:F1} s ({result.Tokens / result.MineSeconds:N0} tokens/s, {result.FloatingPointOperations / result.MineSeconds / 1e9:F0} Gflop/s), write {result.WriteSeconds:F1} s{Checkpoints(result)}"));
        if (result.IsStable)
        {
            console.Note(string.Create(CultureInfo.InvariantCulture, $"ended before the corpus: in the last 32,768 tokens the lists of {result.Changed:0.0%} of memories changed (--until-stable)."));
        }
        else if (!double.IsNaN(result.Changed))
        {
            console.Note(string.Create(CultureInfo.InvariantCulture, $"coverage: in the last 32,768 tokens the lists of {result.Changed:0.0%} of memories changed."));
        }

        foreach (NullComparison comparison in result.Nulls)
        {
            console.Note(NullSummary.Sentence(study, comparison));
        }
    }

    /// <summary>The result as properties of a JSON document.</summary>
    public static void WriteProperties(Utf8JsonWriter json, string study, MiningResult result)
    {
        json.WriteString("study", study);
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
        json.WriteNumber("checkpoints", result.Checkpoints);
        json.WriteNumber("checkpointSeconds", Math.Round(result.CheckpointSeconds, 3));
        json.WriteNumber("resumedTokens", result.ResumedTokens);
        if (!double.IsNaN(result.Changed))
        {
            json.WriteNumber("changedShare", Math.Round(result.Changed, 6));
        }

        json.WriteBoolean("endedStable", result.IsStable);
        json.WriteBoolean("wasFinished", result.WasFinished);
        NullSummary.Write(json, study, result.Nulls);
    }

    private static string Checkpoints(MiningResult result) => result.Checkpoints == 0
        ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $", {result.Checkpoints} checkpoint{(result.Checkpoints == 1 ? string.Empty : "s")} {result.CheckpointSeconds:F1} s");

    private static string Describe(MemoryPlan plan)
    {
        static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:N0}");
        string weights = plan.KeepsLayers ? "all layers" : "two layers at a time";
        return $"memory plan: {Size(plan.Total)} of {Size(plan.Budget)} MiB: runtime and tokenizer {Size(plan.Base)}, packed weights {Size(plan.Weights)} ({weights}), lists and statistics {Size(plan.Totals)}, workers {Size(plan.Workers)}{(plan.Nulls > 0 ? $", nulls {Size(plan.Nulls)}" : string.Empty)}, residual stream {Size(plan.Residual)} (chunks of {plan.ChunkTokens.ToString("N0", CultureInfo.InvariantCulture)} tokens)";
    }
}
