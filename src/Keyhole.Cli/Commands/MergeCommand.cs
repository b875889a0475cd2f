using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Keyhole.Cli.Annotating;
using Keyhole.Studies.Merging;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole merge</c>: one study of those mined over shards of a corpus.</summary>
internal sealed class MergeCommand : KeyholeCommand
{
    private const int SchemaVersion = 1;

    private readonly Argument<string[]> _shards = new("SHARD") { Description = "Studies of one run: mined with --shard, with --layers, or merged with --partial; in any order.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The study to write.", HelpName = "STUDY", Required = true };
    private readonly Option<bool> _overwrite = new("--overwrite") { Description = "Replace the study if it exists." };
    private readonly Option<bool> _partial = new("--partial") { Description = "Merge what is there although shards are missing; the study says which it has, and can be merged with the others later." };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public MergeCommand()
        : base("merge", "Makes one study of those mined over shards of a corpus or over some layers, and of the nulls beside them: the same as one run would have written. Exits with 4 where some are missing.",
            "keyhole merge shards/*.study -o wiki.study",
            "keyhole merge layers-0-15.study layers-16-31.study -o wiki.study",
            "keyhole merge shards/0.study shards/1.study --partial -o half.study   # the rest later")
    {
        Add(_shards);
        foreach (Option option in (Option[])[_output, _overwrite, _partial, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string output = options.GetRequiredValue(_output);
        KeptAnnotations.Note(console, output);
        long start = Stopwatch.GetTimestamp();
        using var merger = new StudyMerger(new MergeOptions
        {
            Shards = options.GetRequiredValue(_shards),
            Output = output,
            Overwrite = options.GetValue(_overwrite),
            Partial = options.GetValue(_partial),
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        });
        MergeResult result = console.WithProgress(progress => merger.Run(new ShareProgress(progress, "merging"), stop));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (string analysed in result.Analysed)
        {
            console.Note($"{analysed}: its analyses are not part of the merged study; run 'keyhole analyze {output}'.");
        }

        foreach (string annotated in result.Annotated)
        {
            console.Note($"{annotated}: its annotations and labels are not part of the merged study, whose lists are others; keep that file, or 'keyhole annotations {annotated} --export FILE'.");
        }

        foreach (string name in result.MissingNulls)
        {
            console.Note($"the null of random {name} was mined with these studies and lies beside none of them: it is not merged.");
        }

        if (result.Missing is { } missing)
        {
            console.Note($"{missing}: the study says so, and can be merged with them later.");
        }

        if (console.Json)
        {
            WriteJson(console, output, result, seconds);
        }
        else
        {
            console.Note(string.Create(CultureInfo.InvariantCulture, $"{output}: {result.Memories:N0} memories with {result.Triggers:N0} triggers over {result.Units:N0} units, {result.Tokens:N0} tokens{(result.Nulls.IsEmpty ? string.Empty : $"; nulls: {string.Join(", ", result.Nulls)}")}; merged in {seconds:F1} s"));
        }

        return ExitCode.Done;
    }

    private static void WriteJson(CommandConsole console, string output, MergeResult result, double seconds) => console.WriteJson(SchemaVersion, json =>
    {
        json.WriteString("study", output);
        json.WriteNumber("shardCount", result.ShardCount);
        WriteNumbers("shards", result.Parts);
        WriteNumbers("layers", result.Layers);
        json.WriteString("missing", result.Missing);
        json.WriteNumber("units", result.Units);
        json.WriteNumber("tokens", result.Tokens);
        json.WriteNumber("memories", result.Memories);
        json.WriteNumber("triggers", result.Triggers);
        json.WriteStartArray("nulls");
        foreach (string path in result.Nulls)
        {
            json.WriteStringValue(path);
        }

        json.WriteEndArray();
        json.WriteNumber("seconds", Math.Round(seconds, 3));

        void WriteNumbers(string name, IEnumerable<int> numbers)
        {
            json.WriteStartArray(name);
            foreach (int number in numbers)
            {
                json.WriteNumberValue(number);
            }

            json.WriteEndArray();
        }
    });
}
