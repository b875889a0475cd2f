using System.CommandLine;
using System.Globalization;
using Keyhole.Cli.Exporting;
using Keyhole.Cli.Mining;
using Keyhole.Exports;
using Keyhole.Studies;
using Keyhole.Web.Site;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole export</c>: a study as files for other programs.</summary>
internal sealed class ExportCommand : KeyholeCommand
{
    private const int MostNamed = 8;
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Option<string> _format = new("--format", "-f") { Description = "jsonl, csv: everything as JSON lines or tables. safetensors: arrays for notebooks. ff-layers: the released code's trigger files. neuronpedia, openai: their record formats, with whole texts run through the model again. site: pages of memories as files to open in a browser.", HelpName = "FORMAT", DefaultValueFactory = _ => StudyExport.Formats[0] };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder to write to, made where it is missing.", HelpName = "DIR", Required = true };
    private readonly Option<string?> _neurons = new("--neurons") { Description = "Write only the memories named in this file, one a line (L3N128).", HelpName = "FILE" };
    private readonly Option<string?> _layers = new("--layers") { Description = "Write only memories of these layers, from 0: 0,4,8-11.", HelpName = "LIST" };
    private readonly Option<string?> _model = new("--model") { Description = "The model, for neuronpedia, openai and site. Default: where the study says it was.", HelpName = "MODEL" };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public ExportCommand()
        : base("export", "Writes a study in a format that other programs read: the same bytes for the same model, corpus and options.",
            "keyhole export mini.study --format jsonl -o exported",
            "keyhole export mini.study --format csv -o exported --neurons interesting.txt",
            "keyhole export mini.study --format neuronpedia -o exported --layers 0-1 --model models/mini",
            "keyhole export mini.study --format site -o pages   # then open pages/index.html")
    {
        Add(_study);
        _format.AcceptOnlyFromAmong([.. StudyExport.Formats, SiteExport.Format]);
        foreach (Option option in (Option[])[_format, _output, _neurons, _layers, _model, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string folder = options.GetRequiredValue(_output);
        string format = options.GetRequiredValue(_format);
        string? model = options.GetValue(_model);
        if (model is not null && format != SiteExport.Format && !StudyExport.TakesModel(format))
        {
            throw new UsageException($"--model belongs to the formats neuronpedia, openai and site: {format} needs no model.");
        }

        ExportSelection selection = new()
        {
            Neurons = options.GetValue(_neurons) is { } neurons ? NeuronFile.Read(neurons) : null,
            Layers = options.GetValue(_layers) is { } layers ? LayerList.Parse(layers) : null,
        };
        string path = options.GetRequiredValue(_study);
        using Study study = Study.Open(path);
        IReadOnlyList<string> files = console.WithProgress(progress =>
        {
            ExportOptions exporting = new()
            {
                Selection = selection,
                Model = model,
                Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
                Progress = new ExportProgressReport(progress),
            };
            return format == SiteExport.Format
                ? SiteExport.Write(study, Path.GetFileName(path), folder, exporting, stop)
                : StudyExport.Write(format, study, folder, exporting, stop);
        });
        Done(console, folder, files);
        return ExitCode.Done;
    }

    private static void Done(CommandConsole console, string folder, IReadOnlyList<string> names)
    {
        string[] files = [.. names.Select(name => Path.Combine(folder, name))];
        if (console.Json)
        {
            console.WriteJson(schemaVersion: 1, json =>
            {
                json.WriteStartArray("files");
                foreach (string file in files)
                {
                    json.WriteStringValue(file);
                }
                json.WriteEndArray();
            });
        }
        else
        {
            console.Note(files.Length <= MostNamed
                ? $"wrote {string.Join(" and ", files)}"
                : string.Create(CultureInfo.InvariantCulture, $"wrote {files.Length:N0} files into {folder}"));
        }
    }
}
