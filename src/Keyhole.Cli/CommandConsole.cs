using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace Keyhole.Cli;

/// <summary>What a command prints: results on standard output; messages, progress and errors on standard error.</summary>
internal sealed class CommandConsole : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);
    private readonly TextWriter _error;
    private readonly EventLines _events;
    private IAnsiConsole? _live; // the screen while a bar stands on it

    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    public CommandConsole(Stream output, TextWriter error)
    {
        OutputStream = output;
        Output = new StreamWriter(output, Utf8, leaveOpen: true) { NewLine = "\n" };
        _error = error;
        _events = new EventLines(error, TimeProvider.System);
    }

    /// <summary>What the options and the terminal allow.</summary>
    public ConsoleStyle Style { get; set; } = ConsoleStyle.Plain;

    /// <summary>Results as text.</summary>
    public TextWriter Output { get; }

    /// <summary>Results as bytes; what was written to <see cref="Output"/> before must be flushed first.</summary>
    public Stream OutputStream { get; }

    /// <summary>True where results are to be JSON.</summary>
    public bool Json => Style.Json;

    /// <summary>True where the user wants to know more.</summary>
    public bool Verbose => Style.Verbose;

    /// <summary>A message, on standard error; nothing with <c>--quiet</c>.</summary>
    public void Note(string message) => Event("note", message, static _ => { });

    /// <summary>Something that happened, such as a checkpoint: a message like <see cref="Note"/>, or with <c>--log-json</c> an event of its own with <c>message</c> and more members.</summary>
    /// <param name="name">The value of <c>event</c>; docs/formats/results.md lists them.</param>
    /// <param name="message">The sentence for people.</param>
    /// <param name="writeMembers">Writes the other members of the JSON line.</param>
    public void Event(string name, string message, Action<Utf8JsonWriter> writeMembers)
    {
        if (Style.Quiet)
        {
            return;
        }
        if (Style.LogJson)
        {
            _events.Write(name, json =>
            {
                json.WriteString("message", message);
                writeMembers(json);
            });
        }
        else if (_live is { } screen)
        {
            screen.Write(new Text(message + "\n")); // The bar's own screen puts it above the bar.
        }
        else
        {
            _error.WriteLine(message);
        }
    }

    /// <summary>A message that only <c>--verbose</c> shows.</summary>
    public void Detail(string message)
    {
        if (Style.Verbose)
        {
            Note(message);
        }
    }

    /// <summary>A table on standard output: aligned columns, without lines where it is not a terminal.</summary>
    /// <param name="columns">The headings; one that starts with <c>&gt;</c> stands over a column of numbers, aligned right.</param>
    /// <param name="rows">The cells, as plain text.</param>
    public void WriteTable(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        Output.Flush();
        IAnsiConsole screen = Screen(Output, Style.OutputIsTerminal, Style.OutputColors);
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false, UseSafeBorder = true };
        foreach (string column in columns)
        {
            bool right = column.StartsWith('>');
            var heading = new TableColumn(new Text(right ? column[1..] : column, new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(right ? heading.RightAligned() : heading);
        }
        foreach (IReadOnlyList<string> row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }
        screen.Write(table);
    }

    /// <summary>Names and values on standard output, one pair a line, values aligned.</summary>
    public void WriteFields(IEnumerable<(string Name, string Value)> fields)
    {
        (string Name, string Value)[] pairs = [.. fields];
        int width = pairs.Max(pair => pair.Name.Length);
        foreach ((string name, string value) in pairs)
        {
            Output.WriteLine($"{name.PadRight(width)}  {value}");
        }
    }

    /// <summary>One JSON document on standard output, with <c>schemaVersion</c> as its first property.</summary>
    /// <param name="schemaVersion">Version of the document's form, raised when a property changes or goes.</param>
    /// <param name="writeProperties">Writes the other properties.</param>
    public void WriteJson(int schemaVersion, Action<Utf8JsonWriter> writeProperties)
    {
        Output.Flush();
        using (var json = new Utf8JsonWriter(OutputStream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", schemaVersion);
            writeProperties(json);
            json.WriteEndObject();
        }
        OutputStream.WriteByte((byte)'\n');
    }

    /// <summary>Runs <paramref name="body"/> while its progress is shown on standard error: a bar on a terminal, else a line now and then, events with <c>--log-json</c>, nothing with <c>--quiet</c>.</summary>
    /// <param name="body">The work; it may report, and write notes, from any thread.</param>
    public T WithProgress<T>(Func<IProgress<ProgressState>, T> body)
    {
        if (Style.LogJson && !Style.Quiet)
        {
            return body(new ProgressEvents(_events, TimeProvider.System));
        }
        if (Style.Quiet || !Style.ErrorIsTerminal)
        {
            return body(new ProgressLines(Note, ProgressInterval));
        }
        IAnsiConsole screen = Screen(_error, terminal: true, Style.ErrorColors);
        try
        {
            _live = screen;
            return screen.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context => body(new ProgressBarReport(context.AddTask("starting", maxValue: 1))));
        }
        finally
        {
            _live = null;
        }
    }

    /// <summary>An error: <c>keyhole: error KH1003: sentence</c>; <c>--quiet</c> does not hide it.</summary>
    public void Fail(string code, string sentence)
    {
        if (Style.LogJson)
        {
            _events.Write("error", json =>
            {
                json.WriteString("code", code);
                json.WriteString("message", sentence);
            });
            return;
        }
        string line = string.Create(CultureInfo.InvariantCulture, $"keyhole: error {code}: {sentence}");
        _error.WriteLine(Style.ErrorColors ? $"\e[31m{line}\e[0m" : line);
    }

    /// <summary>More about an error: its advice, or with <c>--verbose</c> where it came from.</summary>
    public void Explain(string text)
    {
        if (Style.LogJson)
        {
            _events.Write("detail", json => json.WriteString("message", text));
        }
        else
        {
            _error.WriteLine(text);
        }
    }

    /// <summary>Writes what is still in buffers.</summary>
    public void Flush()
    {
        Output.Flush();
        OutputStream.Flush();
        _error.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _error.Flush(); // Output is flushed where a failure can still be reported.

    private static IAnsiConsole Screen(TextWriter writer, bool terminal, bool colors)
    {
        IAnsiConsole screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
        });
        if (!terminal)
        {
            screen.Profile.Width = short.MaxValue; // A pipe has no width: lines are not folded.
        }
        return screen;
    }
}
