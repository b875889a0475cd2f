using System.CommandLine;
using System.Globalization;
using Keyhole.Cli.Features;
using Keyhole.Cli.Mining;
using Keyhole.Engine;
using Keyhole.Features;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole features</c>: a study's memories as the features of a dictionary, beside a null.</summary>
internal sealed class FeaturesCommand : KeyholeCommand
{
    private const string SaeBench = "saebench";
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Option<string?> _model = CommonOptions.StudyModel();
    private readonly Option<int> _positions = new("--positions") { Description = "Positions to measure: texts of the study are drawn until they have as many (at most 200,000).", HelpName = "N", DefaultValueFactory = _ => 20_000 };
    private readonly Option<string?> _layers = new("--layers") { Description = "Layers to measure: 0,4,8-11. Default: all.", HelpName = "LIST" };
    private readonly Option<string> _topK = new("--top-k") { Description = "How many memories of a position are kept: 1,10,100.", HelpName = "LIST", DefaultValueFactory = _ => "1,5,10,50,100" };
    private readonly Option<string?> _compat = new("--compat") { Description = "saebench: adds the explained variance by SAEBench's formula.", HelpName = "NAME" };
    private readonly Option<ulong> _seed = CommonOptions.Seed();
    private readonly Option<bool> _stored = new("--stored") { Description = "Show what the study has of an earlier run; nothing is measured, no model is needed." };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public FeaturesCommand()
        : base("features", "Measures a layer's memories as the features of a dictionary: alive, L0, variance that the strongest explain, sparse probes, first-letter absorption; all beside the same layer with permuted weights. The results stand in the study.",
            "keyhole features mini.study",
            "keyhole features wiki.study --model /models/smollm2 --layers 0,10-12 --positions 50000",
            "keyhole features mini.study --top-k 10,100 --compat saebench",
            "keyhole features mini.study --stored --json")
    {
        Add(_study);
        _compat.AcceptOnlyFromAmong(SaeBench);
        foreach (Option option in (Option[])[_model, _positions.AtLeast(1), _layers, _topK, _compat, _seed, _stored, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string path = options.GetRequiredValue(_study);
        if (options.GetValue(_stored))
        {
            using Study study = Study.Open(path);
            if (FeatureAnalyzer.Read(study) is not { } stored)
            {
                throw new InputRefusedException("KH7904", $"{path}: no features of this study were measured yet; leave --stored out to measure them.");
            }

            FeatureReport.Write(console, path, stored);
            return ExitCode.Done;
        }

        var features = new FeatureOptions
        {
            Study = path,
            Model = options.GetValue(_model),
            Positions = Positions(options.GetValue(_positions)),
            Layers = options.GetValue(_layers) is { } layers ? LayerList.Parse(layers) : null,
            TopK = TopK(options.GetRequiredValue(_topK)),
            SaeBench = options.GetValue(_compat) == SaeBench,
            Seed = options.GetValue(_seed),
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        FeatureResult result = console.WithProgress(progress => FeatureAnalyzer.Run(features, new ShareProgress(progress, "measuring"), stop));
        FeatureReport.Write(console, path, result);
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{path}: features of {result.Options["positions"]} positions in {result.Options["texts"]} texts; next: keyhole report {path}"));
        return ExitCode.Done;
    }

    private static int Positions(int positions) => positions <= FeatureOptions.MostPositions
        ? positions
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--positions {positions}: at most {FeatureOptions.MostPositions:N0}, as the layers' inputs at all of them are held in memory."));

    private static int[] TopK(string text)
    {
        const int Most = 10_000;
        var sizes = new SortedSet<int>();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) || size is < 1 or > Most)
            {
                throw new UsageException($"--top-k '{text}': '{part}' is no number from 1 to {Most.ToString("N0", CultureInfo.InvariantCulture)}; write them as 1,10,100.");
            }

            sizes.Add(size);
        }

        return [.. sizes];
    }
}
