using System.Globalization;
using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Exports;
using Keyhole.Statistics;
using Keyhole.Studies;

namespace Keyhole.Cli.Annotating;

/// <summary>The state and the results of a study's annotations, as tables or as a JSON document.</summary>
internal static class AnnotationReport
{
    private const int SchemaVersion = 1;

    /// <summary>Writes the state, and where it is asked for the results.</summary>
    public static void Write(CommandConsole console, Study study, bool withResults)
    {
        AnnotationProject? project = AnnotationTable.Project(study);
        AnnotationResults? results = withResults ? AnnotationResults.Of(study) : null;
        var progress = AnnotationTable.Progress(study).GroupBy(row => row.Annotator)
            .Select(group => (Name: group.Key, Begun: group.Count(), Done: group.Count(row => row.Done))).ToList();
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, json =>
            {
                WriteProject(json, project);
                json.WriteStartArray("annotators");
                foreach ((string name, int begun, int done) in progress)
                {
                    json.WriteStartObject();
                    json.WriteString("name", name);
                    json.WriteNumber("begun", begun);
                    json.WriteNumber("done", done);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                if (results is not null)
                {
                    json.WritePropertyName("results");
                    AnnotationJson.Write(json, results);
                }
            });
            return;
        }

        if (project is null)
        {
            console.Note("This study has no annotation project; make one in the browser ('keyhole serve').");
            return;
        }

        console.WriteFields(
        [
            ("sheets", Number(project.Sheets.Length)),
            ("memories of a layer", Number(project.Options.PerLayer)),
            ("decoys of a layer", Number(project.Options.Decoys)),
            ("prefixes", Number(project.Options.Prefixes)),
            ("seed", project.Options.Seed.ToString(CultureInfo.InvariantCulture)),
            ("results opened", project.Opened?.ToString("u", CultureInfo.InvariantCulture) ?? "no: annotators are blind"),
        ]);
        console.Output.Write("\nannotators\n");
        console.WriteTable(["name", ">done", ">begun"], progress.Select(row => (IReadOnlyList<string>)[VisibleText.Of(row.Name), Number(row.Done), Number(row.Begun)]));
        if (results is not null)
        {
            WriteResults(console, results);
        }
    }

    private static void WriteProject(Utf8JsonWriter json, AnnotationProject? project)
    {
        if (project is null)
        {
            json.WriteNull("project");
            return;
        }

        json.WriteStartObject("project");
        json.WriteNumber("sheets", project.Sheets.Length);
        json.WriteNumber("perLayer", project.Options.PerLayer);
        json.WriteNumber("decoys", project.Options.Decoys);
        json.WriteNumber("prefixes", project.Options.Prefixes);
        json.WriteNumber("context", project.Options.Context);
        json.WriteNumber("seed", project.Options.Seed);
        json.WriteString("created", project.Created);
        if (project.Opened is { } opened)
        {
            json.WriteString("opened", opened);
        }
        else
        {
            json.WriteNull("opened");
        }

        json.WriteEndObject();
    }

    private static void WriteResults(CommandConsole console, AnnotationResults results)
    {
        foreach ((string title, Func<AnnotatorResult, RealAndDecoy> of) in new (string, Func<AnnotatorResult, RealAndDecoy>)[]
        {
            ("coverage of prefixes", result => result.Coverage), ("sheets with a pattern", result => result.Found), ("patterns of a sheet", result => result.Patterns),
        })
        {
            console.Output.Write($"\n{title}\n");
            console.WriteTable(["annotator", ">sheets", ">true", ">decoy", ">random", ">mixed", ">true minus decoy"], results.Annotators.Select(result => (IReadOnlyList<string>)
            [
                result.Annotator is null ? "all" : VisibleText.Of(result.Annotator), Number(result.Done), Text(of(result).Real), Text(of(result).Decoy), Text(of(result).Random), Text(of(result).Mixed), Text(of(result).Difference),
            ]));
        }

        if (results.Agreement.Length > 0)
        {
            console.Output.Write("\nagreement\n");
            console.WriteTable(["of", "sheets", ">n", ">alpha", "kappa"], results.Agreement.Select(measure => (IReadOnlyList<string>)
            [
                AnnotationJson.Name(measure.Question), measure.OnTrueSheets ? "true" : "all", Number(measure.Alpha.N), Text(measure.Alpha),
                string.Join("; ", measure.Pairs.Select(pair => $"{VisibleText.Of(pair.First)}, {VisibleText.Of(pair.Second)}: {Text(pair.Kappa)}")),
            ]));
        }

        console.Output.Write("\nprefixes of true sheets by layer\n");
        console.WriteTable([">layer", ">sheets", ">shallow", ">semantic", ">both", ">syntactic", ">not covered"], results.Layers.Select(layer => (IReadOnlyList<string>)
            [Number(layer.Layer), Number(layer.Shallow.N), Text(layer.Shallow), Text(layer.Semantic), Text(layer.Both), Text(layer.Syntactic), Text(layer.NotCovered)]));
        if (results.BegunAfterOpening > 0)
        {
            console.Note(string.Create(CultureInfo.InvariantCulture, $"{results.BegunAfterOpening:N0} annotations were begun after the results had been opened: they are not blind."));
        }
    }

    private static string Text(Estimate estimate) => double.IsNaN(estimate.Value) ? "-"
        : double.IsNaN(estimate.Interval.Lower) ? Digits(estimate.Value)
        : $"{Digits(estimate.Value)} [{Digits(estimate.Interval.Lower)}, {Digits(estimate.Interval.Upper)}]";

    private static string Digits(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
