using System.CommandLine;
using System.Globalization;
using Keyhole.Annotations;
using Keyhole.Cli.Annotating;
using Keyhole.Studies;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole annotations</c>: what annotators have written into a study, as a file and as measures.</summary>
internal sealed class AnnotationsCommand : KeyholeCommand
{
    private readonly Argument<string> _study = CommonOptions.Study();
    private readonly Option<string?> _export = new("--export") { Description = "Write all annotations and labels to this file, as JSON lines.", HelpName = "FILE" };
    private readonly Option<string?> _import = new("--import") { Description = "Take annotations and labels from such a file: all of it, or nothing where a line is refused.", HelpName = "FILE" };
    private readonly Option<bool> _results = new("--results") { Description = "Agreement, true lists beside decoys, and patterns by layer. Ends blindness: from then on labels are shown with their memories." };
    private readonly Option<bool> _clear = new("--clear") { Description = "With --export: remove the project, annotations and labels once they are in the file." };

    /// <summary>Creates the command.</summary>
    public AnnotationsCommand()
        : base("annotations", "Shows how far the annotators of a study are; exports, imports and measures what they wrote. Annotating itself is done in the browser.",
            "keyhole annotations mini.study",
            "keyhole annotations mini.study --export ana.jsonl",
            "keyhole annotations mini.study --import ben.jsonl   # of a copy of the same study",
            "keyhole annotations mini.study --results --json")
    {
        Add(_study);
        foreach (Option option in (Option[])[_export, _import, _results, _clear])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        string path = options.GetRequiredValue(_study);
        string? export = options.GetValue(_export);
        string? import = options.GetValue(_import);
        bool results = options.GetValue(_results);
        bool clear = options.GetValue(_clear);
        if ((export is null ? 0 : 1) + (import is null ? 0 : 1) + (results ? 1 : 0) > 1)
        {
            throw new UsageException("--export, --import and --results are three things to do: give one of them.");
        }

        if (clear && export is null)
        {
            throw new UsageException("--clear removes what people wrote: give --export FILE with it, so that a copy is kept.");
        }

        if (export is not null && Path.GetFullPath(export) == Path.GetFullPath(path))
        {
            throw new UsageException("--export FILE is the study itself: give another file.");
        }

        var store = new AnnotationStore(path);
        if (export is not null)
        {
            Export(console, path, export);
            if (clear)
            {
                store.Clear();
                console.Note($"{path}: the annotation project, annotations and labels are removed");
            }

            return ExitCode.Done;
        }

        if (import is not null)
        {
            Import(console, store, path, import);
            return ExitCode.Done;
        }

        if (results)
        {
            Open(console, store, path);
        }

        using Study study = Study.Open(path);
        AnnotationReport.Write(console, study, results);
        return ExitCode.Done;
    }

    private static void Export(CommandConsole console, string path, string file)
    {
        using Study study = Study.Open(path);
        (int annotations, int labels) = AnnotationExport.WriteFile(study, file);
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{file}: {annotations:N0} annotations, {labels:N0} free labels"));
    }

    private static void Import(CommandConsole console, AnnotationStore store, string path, string file)
    {
        using Study study = Study.Open(path);
        using FileStream stream = File.OpenRead(file);
        ImportResult result = AnnotationImport.Run(store, study, file, stream);
        console.Note(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {result.Added:N0} annotations added, {result.Replaced:N0} in place of older ones, {result.Same:N0} known already, {result.Older:N0} older than what is there; {result.Labels:N0} free labels added{(result.MadeProject ? "; the project is that of the file" : string.Empty)}"));
    }

    // A study that cannot be written shows its results all the same.
    private static void Open(CommandConsole console, AnnotationStore store, string path)
    {
        using (Study study = Study.Open(path))
        {
            if (AnnotationTable.Project(study) is not { Opened: null })
            {
                return;
            }
        }

        try
        {
            store.OpenResults();
        }
        catch (StudyNotWrittenException unwritten)
        {
            console.Note($"That the results were opened could not be put down: {unwritten.Message}");
        }
    }
}
