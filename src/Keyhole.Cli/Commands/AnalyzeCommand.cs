using System.CommandLine;
using System.Globalization;
using Keyhole.Analyses;
using Keyhole.Cli.Analyses;
using Keyhole.Cli.Mining;
using Keyhole.Compat;
using Keyhole.Composition;
using Keyhole.Engine.Readouts;
using Keyhole.Mutations;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole analyze</c>: sections 3 to 5 of the paper on a study.</summary>
internal sealed class AnalyzeCommand : KeyholeCommand
{
    private const string Paper = "paper";
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Option<string?> _model = CommonOptions.StudyModel();
    private readonly Option<string[]> _only = new("--only") { Description = "Make these sections only: values, predictions, composition, prompts, mutations, reach, read-write, index, compat.", HelpName = "SECTION", AllowMultipleArgumentsPerToken = true };
    private readonly Option<Readout?> _readout = new("--readout") { Description = "How values and updates are read: folded (with the final norm's gain) or raw. Default: folded.", HelpName = "READOUT" };
    private readonly Option<int> _top = new("--top") { Description = "Tokens kept at each end of a value.", HelpName = "K", DefaultValueFactory = _ => 30 };
    private readonly Option<string[]> _texts = new("--texts") { Description = "Held-out texts for the random prefixes: files, folders or patterns. Default: texts that the study did not mine, else its own.", HelpName = "PATH", AllowMultipleArgumentsPerToken = true };
    private readonly Option<int> _prefixes = new("--prefix-count") { Description = "Random prefixes, one a text.", HelpName = "N", DefaultValueFactory = _ => 4000 };
    private readonly Option<string?> _prefixFile = new("--prefixes") { Description = "A JSONL file of unit and position that fixes the prefixes; units count in --texts, else in the study.", HelpName = "FILE" };
    private readonly Option<string?> _stopWords = new("--stop-words") { Description = "Stop words, one a line. Default: NLTK's English ones.", HelpName = "FILE" };
    private readonly Option<string[]> _prompts = new("--prompts") { Description = "Prompts with answers: JSONL of prompt, answer, set, or relation files. Default: a bundled set.", HelpName = "FILE", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _mutations = new("--mutations") { Description = "A JSONL file of layer, index, unit, position, random (and pole) that fixes the mutations.", HelpName = "FILE" };
    private readonly Option<int?> _mutated = new("--mutated-memories") { Description = "Memories a layer whose triggers are mutated. Default: 20.", HelpName = "N" };
    private readonly Option<int?> _mutatedTriggers = new("--mutated-triggers") { Description = "Triggers of each of them. Default: 10.", HelpName = "N" };
    private readonly Option<string?> _neurons = new("--neurons") { Description = "Keep values, mutations, reach and read-write classes of the memories named in this file only, one a line (L3N128).", HelpName = "FILE" };
    private readonly Option<string?> _preset = new("--preset") { Description = "paper: readout raw, 100 memories a layer and 50 triggers of each mutated, as in the paper.", HelpName = "NAME" };
    private readonly Option<string?> _compat = new("--compat") { Description = "ff-layers: adds the section compat, the numbers of the paper's released code (docs/compat.md); readout raw, prefixes from every position of a text.", HelpName = "NAME" };
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public AnalyzeCommand()
        : base("analyze", "Reads every value over the vocabulary, and carries out sections 3 to 5 of the paper: agreement, composition, refinement, mutations. The results stand in the study.",
            "keyhole analyze mini.study",
            "keyhole analyze mini.study --texts held-out.txt --prefix-count 1000",
            "keyhole analyze wiki.study --model /models/smollm2 --only values   # one section alone")
    {
        Add(_study);
        _preset.AcceptOnlyFromAmong(Paper);
        _only.AcceptOnlyFromAmong([.. AnalysisSectionName.All]);
        _compat.AcceptOnlyFromAmong(CompatMode.FfLayers);
        foreach (Option option in (Option[])[_model, _only, _readout, _top.AtLeast(1), _texts, _prefixes.AtLeast(1), _prefixFile, _stopWords, _prompts, _mutations, _mutated.AtLeast(1), _mutatedTriggers.AtLeast(1), _neurons, _preset, _compat, _seed, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        bool paper = options.GetValue(_preset) == Paper;
        AnalysisSection[] only = [.. (options.GetValue(_only) ?? []).Select(AnalysisSectionName.Parse)];
        bool compat = options.GetValue(_compat) is not null || only.Contains(AnalysisSection.Compat);
        Readout readout = options.GetValue(_readout) ?? (paper || compat ? Readout.Raw : Readout.Folded);
        if (readout == Readout.Model)
        {
            throw new UsageException("--readout model is for states, not for values: give folded or raw.");
        }

        if (compat && readout != Readout.Raw)
        {
            throw new UsageException("--compat ff-layers reads everything raw, as the released code does: leave --readout folded out.");
        }

        string[] texts = options.GetValue(_texts) ?? [];
        string? neurons = options.GetValue(_neurons);
        var analysis = new AnalysisOptions
        {
            Study = options.GetRequiredValue(_study),
            Model = options.GetValue(_model),
            Only = only.Length == 0 ? null : only.ToHashSet(),
            Compat = compat,
            Readout = readout,
            Top = options.GetValue(_top),
            Prefixes = new PrefixOptions { Count = options.GetValue(_prefixes), Texts = texts.Length == 0 ? null : texts, File = options.GetValue(_prefixFile) },
            StopWords = options.GetValue(_stopWords),
            Prompts = options.GetValue(_prompts) ?? [],
            MutationFile = options.GetValue(_mutations),
            Mutations = new MutationOptions
            {
                Memories = options.GetValue(_mutated) ?? (paper ? 100 : 20),
                Triggers = options.GetValue(_mutatedTriggers) ?? (paper ? 50 : 10),
            },
            Neurons = neurons is null ? null : NeuronFile.Read(neurons),
            Seed = options.GetValue(_seed),
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        AnalysisResult result = AnalysisRun.Analyze(analysis, console, stop);
        if (console.Json)
        {
            AnalysisRun.WriteJson(console, result);
        }
        else
        {
            AnalysisRun.WriteLayers(console, result.Study);
            console.Note(string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", result.Sections.Select(made => $"{made.Section.Name()} {made.Seconds.ToString("F1", CultureInfo.InvariantCulture)} s"))}; next: keyhole report {result.Study} -o report.html"));
        }

        return ExitCode.Done;
    }
}
