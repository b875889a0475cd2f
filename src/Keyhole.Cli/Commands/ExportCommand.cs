using System.CommandLine;
using Keyhole.Exports;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole export</c>: a study as files for other programs.</summary>
internal sealed class ExportCommand : KeyholeCommand
{
    private const string Jsonl = "jsonl";
    private const string Csv = "csv";
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Option<string> _format = new("--format", "-f") { Description = "jsonl: neurons.jsonl and units.jsonl. csv: triggers.csv and statistics.csv.", HelpName = "FORMAT", DefaultValueFactory = _ => Jsonl };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The folder to write to, made where it is missing.", HelpName = "DIR", Required = true };

    /// <summary>Creates the command.</summary>
    public ExportCommand()
        : base("export", "Writes a whole study as JSON lines or CSV: the same bytes for the same model, corpus and options.",
            "keyhole export mini.study --format jsonl -o exported",
            "keyhole export mini.study --format csv -o exported")
    {
        Add(_study);
        _format.AcceptOnlyFromAmong(Jsonl, Csv);
        Add(_format);
        Add(_output);
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string folder = options.GetRequiredValue(_output);
        using Study study = Study.Open(options.GetRequiredValue(_study));
        if (options.GetValue(_format) == Csv)
        {
            CsvExport.Write(study, folder, stop);
            Done(console, folder, CsvExport.TriggersFile, CsvExport.StatisticsFile);
        }
        else
        {
            JsonlExport.Write(study, folder, stop);
            Done(console, folder, JsonlExport.NeuronsFile, JsonlExport.UnitsFile);
        }
        return ExitCode.Done;
    }

    private static void Done(CommandConsole console, string folder, params string[] names)
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
            console.Note($"wrote {string.Join(" and ", files)}");
        }
    }
}
