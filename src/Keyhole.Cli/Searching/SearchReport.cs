using System.Globalization;
using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Search;
using Keyhole.Studies.Analysis;

namespace Keyhole.Cli.Searching;

/// <summary>What a search found, as tables or as a JSON document.</summary>
internal static class SearchReport
{
    private const int SchemaVersion = 1;

    /// <summary>A table of each list, and on standard error what was left out.</summary>
    public static void WriteText(CommandConsole console, SearchOptions search, SearchResult result)
    {
        if (result.SearchedValues)
        {
            WriteValues(console, "promoted", result.Promoting, result.PromotingCount);
            WriteValues(console, "demoted", result.Demoting, result.DemotingCount);
        }
        else if (search.In.HasFlag(SearchPlaces.Values) && search is { Regex: null, Target: null })
        {
            console.Note("This study has no values yet: only triggers were searched ('keyhole analyze' adds them).");
        }
        if (result.SearchedLabels)
        {
            WriteLabels(console, result);
        }
        if (result.SearchedTriggers)
        {
            Heading(console, "triggers", "match in", result.Triggers.Count, result.TriggersCount);
            if (result.Triggers.Count > 0)
            {
                console.WriteTable(["memory", "pole", ">matches", ">best rank", ">coefficient", "example"], result.Triggers.Select(match => (IReadOnlyList<string>)
                [
                    match.Id.ToString(),
                    PoleName.Of(match.Pole),
                    string.Create(CultureInfo.InvariantCulture, $"{match.Matches} of {match.Triggers}"),
                    Number(match.BestRank),
                    match.Best.Coefficient.ToString("G4", CultureInfo.InvariantCulture),
                    ExampleLine.Of(match),
                ]));
            }
        }
    }

    /// <summary>The document of <c>search --json</c> (docs/formats/results.md).</summary>
    public static void WriteJson(CommandConsole console, SearchOptions search, SearchResult result)
        => console.WriteJson(SchemaVersion, json =>
        {
            json.WriteString("query", search.Query);
            json.WriteString("regex", search.Regex);
            json.WriteString("target", search.Target);
            json.WriteBoolean("searchedValues", result.SearchedValues);
            json.WriteNumber("promotingCount", result.PromotingCount);
            WriteValues(json, "promoting", result.Promoting);
            json.WriteNumber("demotingCount", result.DemotingCount);
            WriteValues(json, "demoting", result.Demoting);
            json.WriteBoolean("searchedTriggers", result.SearchedTriggers);
            json.WriteNumber("triggersCount", result.TriggersCount);
            json.WriteStartArray("triggers");
            foreach (TriggerMatch match in result.Triggers)
            {
                json.WriteStartObject();
                WriteId(json, match.Id);
                json.WriteString("pole", PoleName.Of(match.Pole));
                json.WriteNumber("matches", match.Matches);
                json.WriteNumber("triggers", match.Triggers);
                json.WriteNumber("bestRank", match.BestRank);
                json.WriteNumber("coefficient", match.Best.Coefficient);
                json.WriteNumber("unit", match.Best.Unit);
                json.WriteNumber("position", match.Best.Position);
                json.WriteString("prefix", match.Prefix);
                json.WriteString("match", match.Prefix[match.Place]);
                json.WriteString("targetText", match.Target);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            if (result.SearchedLabels)
            {
                WriteLabels(json, result);
            }
        });

    private static void WriteLabels(CommandConsole console, SearchResult result)
    {
        Heading(console, "labels", "of", result.Labels.Count, result.LabelsCount);
        if (result.Labels.Count > 0)
        {
            console.WriteTable(["memory", "kind", "by", "label"], result.Labels.Select(match => (IReadOnlyList<string>)
            [
                match.Label.Memory.ToString(),
                LabelJson.Name(match.Label.Kind),
                VisibleText.Of(match.Label.Annotator),
                VisibleText.Of(match.Label.Text),
            ]));
        }
    }

    private static void WriteLabels(Utf8JsonWriter json, SearchResult result)
    {
        json.WriteNumber("labelsCount", result.LabelsCount);
        json.WriteStartArray("labels");
        foreach (LabelMatch match in result.Labels)
        {
            json.WriteStartObject();
            WriteId(json, match.Label.Memory);
            LabelJson.Write(json, match.Label);
            json.WriteString("match", match.Label.Text[match.Place]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteValues(CommandConsole console, string verb, IReadOnlyList<ValueMatch> matches, int count)
    {
        Heading(console, verb, "by", matches.Count, count);
        if (matches.Count > 0)
        {
            console.WriteTable(["memory", ">rank", ">logit", ">probability", "token"], matches.Select(match => (IReadOnlyList<string>)
            [
                match.Id.ToString(),
                Number(match.Rank),
                match.Logit.ToString("G4", CultureInfo.InvariantCulture),
                match.Probability.ToString("G4", CultureInfo.InvariantCulture),
                $"'{VisibleText.Of(match.Text)}'",
            ]));
        }
    }

    private static void WriteValues(Utf8JsonWriter json, string name, IReadOnlyList<ValueMatch> matches)
    {
        json.WriteStartArray(name);
        foreach (ValueMatch match in matches)
        {
            json.WriteStartObject();
            WriteId(json, match.Id);
            json.WriteNumber("token", match.Token);
            json.WriteString("text", match.Text);
            json.WriteNumber("rank", match.Rank);
            json.WriteNumber("logit", match.Logit);
            json.WriteNumber("probability", match.Probability);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteId(Utf8JsonWriter json, NeuronId id)
    {
        json.WriteString("neuron", id.ToString());
        json.WriteNumber("layer", id.Layer);
        json.WriteNumber("index", id.Index);
        if (id.Expert >= 0)
        {
            json.WriteNumber("expert", id.Expert);
        }
    }

    private static void Heading(CommandConsole console, string what, string joint, int shown, int count)
    {
        string first = shown < count ? string.Create(CultureInfo.InvariantCulture, $", the first {shown:N0}") : string.Empty;
        console.Output.Write(string.Create(CultureInfo.InvariantCulture, $"{what} {joint} {count:N0} {(count == 1 ? "memory" : "memories")}{first}\n"));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
