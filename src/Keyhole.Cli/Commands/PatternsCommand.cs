using System.Collections.Immutable;
using System.CommandLine;
using Keyhole.Cli.Mining;
using Keyhole.Cli.PatternFinding;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole patterns</c>: what the triggers of memories have in common, beyond decoys.</summary>
internal sealed class PatternsCommand : KeyholeCommand
{
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Option<string?> _memory = new("--memory") { Description = "Show the patterns that were found of this memory: L3N128, L3E2N77. Nothing is looked for.", HelpName = "NEURON" };
    private readonly Option<string?> _layers = new("--layers") { Description = "Layers to look in, from 0: 0,4,8-11. Default: all that were mined.", HelpName = "LIST" };
    private readonly Option<int> _decoys = new("--decoys") { Description = "Decoy lists of each kind that a layer's lists are held against.", HelpName = "N", DefaultValueFactory = _ => new PatternOptions().Decoys };
    private readonly Option<double> _rate = new("--rate") { Description = "False-discovery rate over lists.", HelpName = "Q", DefaultValueFactory = _ => new PatternOptions().Rate };
    private readonly Option<string[]> _null = new("--null") { Description = "Studies of random memories ('keyhole mine --null'), to be taken away. Default: STUDY.directions and STUDY.rotations, where they are there.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public PatternsCommand()
        : base("patterns", "Finds what the triggers of every memory have in common, beyond what the same search finds in decoys, and puts it into the study.",
            "keyhole patterns mini.study",
            "keyhole patterns mini.study --memory L3N128   # what was found of one memory",
            "keyhole patterns mini.study --layers 0-3 --decoys 10000 --json",
            "keyhole patterns mini.study --null mini.study.rotations")
    {
        Add(_study);
        foreach (Option option in (Option[])[_memory, _layers, _decoys.AtLeast(PatternOptions.LeastDecoys), _rate, _null, _seed, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string path = options.GetRequiredValue(_study);
        if (options.GetValue(_memory) is { } name)
        {
            Show(console, path, name);
            return ExitCode.Done;
        }

        var search = new PatternOptions
        {
            Layers = options.GetValue(_layers) is { } layers ? [.. LayerList.Parse(layers)] : null,
            Decoys = options.GetValue(_decoys),
            Rate = options.GetValue(_rate),
            Seed = options.GetValue(_seed),
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        PatternResult result;
        using (Study study = StudyPatterns.Open(path))
        using (NullStudies nulls = NullStudies.Open(path, options.GetValue(_null) ?? []))
        {
            result = console.WithProgress(progress => PatternFinder.Find(study, search, nulls.Studies, new SearchProgress(progress), stop));
        }

        stop.ThrowIfCancellationRequested();
        StudyPatterns.Keep(path, result);
        if (console.Json)
        {
            PatternReport.WriteJson(console, result);
        }
        else
        {
            PatternReport.WriteText(console, result);
            console.Note($"{path}: patterns are in the study; 'keyhole show {path} NEURON' has them, 'keyhole report' draws figure 2");
        }

        return ExitCode.Done;
    }

    private static void Show(CommandConsole console, string path, string name)
    {
        NeuronId id = MemoryName.Parse(name);
        using Study study = Study.Open(path);
        IReadOnlyList<MemoryPatterns> lists = StudyPatterns.Of(study, id)
            ?? throw new Engine.InputRefusedException("KH7701", $"{path}: no patterns were looked for in this study; run 'keyhole patterns {path}' first.");
        if (study.Memory(id) is null)
        {
            throw new UsageException($"The study has no memory {id}.");
        }

        if (console.Json)
        {
            PatternReport.WriteJson(console, id, lists);
        }
        else
        {
            PatternReport.WriteText(console, id, lists);
        }
    }

    private sealed class SearchProgress(IProgress<ProgressState> target) : IProgress<PatternProgress>
    {
        public void Report(PatternProgress value) => target.Report(new ProgressState(value.Phase, value.Share, string.Empty));
    }
}
