using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Statistics.Kits;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole stats</c>: this program's statistics over a file of cases, to hold beside other software's.</summary>
internal sealed class StatsCommand : KeyholeCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "JSON: an object with an array 'cases'; each has a 'kind' and its inputs (docs/measures.md)." };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Write the results to this file. Default: standard output.", HelpName = "FILE" };

    /// <summary>Creates the command.</summary>
    public StatsCommand()
        : base("stats", "Computes the statistics of a file of cases: moments, a detector's measures, intervals, false-discovery rates, agreement, CKA, cosine quantiles, logistic fits. Prints {\"cases\": [...]} in the same order, null where a measure is not defined.",
            "keyhole stats cases.json",
            "keyhole stats cases.json -o ours.json   # then compare with what other software says")
    {
        Add(_file);
        Add(_output);
    }

    /// <inheritdoc/>
    public override bool StopsAtOnce => true;

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string path = options.GetRequiredValue(_file);
        string? output = options.GetValue(_output);
        if (output is not null && Path.GetFullPath(output) == Path.GetFullPath(path))
        {
            throw new UsageException("--output FILE is the file of cases itself: give another file.");
        }

        // All of it before the first byte is written: a file that is refused leaves no half of an answer.
        using var results = new MemoryStream();
        using (var json = new Utf8JsonWriter(results, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            KitFile.Answer(path, json, stop);
        }

        results.WriteByte((byte)'\n');
        if (output is null)
        {
            results.WriteTo(console.OutputStream);
        }
        else
        {
            ResultFile.Write(output, results.ToArray());
            console.Note($"wrote {output}");
        }

        return ExitCode.Done;
    }
}
