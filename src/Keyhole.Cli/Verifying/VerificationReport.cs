using System.Globalization;
using System.Text.Json;
using Keyhole.Engine.Capture;
using Keyhole.Verification;

namespace Keyhole.Cli.Verifying;

/// <summary>What <c>keyhole verify MODEL --against ...</c> prints.</summary>
/// <param name="Model">The model's path.</param>
/// <param name="Family">Its family.</param>
/// <param name="Tolerance">Largest relative difference that is allowed.</param>
/// <param name="Results">One entry a file, at least one.</param>
internal sealed record VerificationReport(string Model, string Family, double Tolerance, IReadOnlyList<ReferenceResult> Results)
{
    private const int SchemaVersion = 1;

    /// <summary>Whether every compared tensor of every file is within the tolerance.</summary>
    public bool IsWithin => Results.All(result => result.IsWithin(Tolerance));

    /// <summary>Prints it, as a table or as JSON.</summary>
    public void Write(CommandConsole console)
    {
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, WriteProperties);
            return;
        }
        bool severalFiles = Results.Count > 1;
        string[] columns = ["tensor", ">values", ">max difference", ">median", ">largest value", ">relative", ""];
        console.WriteTable(severalFiles ? ["file", .. columns] : columns, Results.SelectMany(result => result.Compared.Select(site => Row(site, severalFiles ? Path.GetFileName(result.File) : null))));
        foreach ((string file, LeftOut left) in Results.SelectMany(result => result.LeftOut.Select(left => (result.File, left))))
        {
            console.Output.WriteLine($"not compared: {(severalFiles ? Path.GetFileName(file) + " " : "")}{left.Name}: {left.Reason}");
        }
        console.Output.WriteLine(Summary());
    }

    private string[] Row(SiteDifference site, string? file)
    {
        string[] cells =
        [
            site.Name,
            site.Count.ToString("N0", CultureInfo.InvariantCulture),
            Figure.Of(site.Maximum),
            Figure.Of(site.Median),
            site.Largest.ToString("0.####", CultureInfo.InvariantCulture),
            Figure.Of(site.Relative),
            site.Relative <= Tolerance ? "" : "beyond",
        ];
        return file is null ? cells : [file, .. cells];
    }

    private string Summary()
    {
        SiteDifference[] all = [.. Results.SelectMany(result => result.Compared)];
        ReferenceResult worst = Results.MaxBy(result => double.IsNaN(result.Worst.Relative) ? double.PositiveInfinity : result.Worst.Relative)!;
        int beyond = all.Count(site => !(site.Relative <= Tolerance));
        return string.Create(CultureInfo.InvariantCulture,
            $"{all.Length} tensors compared, {Results.Sum(result => result.LeftOut.Count)} not; the worst, {worst.Worst.Name} of {Path.GetFileName(worst.File)}, differs by {Figure.Of(worst.Worst.Relative)} of its largest value: {(beyond == 0 ? $"all within {Tolerance:0.0e+0}" : $"{beyond} beyond {Tolerance:0.0e+0}")}");
    }

    private void WriteProperties(Utf8JsonWriter json)
    {
        json.WriteString("model", Model);
        json.WriteString("family", Family);
        json.WriteNumber("tolerance", Tolerance);
        json.WriteBoolean("within", IsWithin);
        json.WriteStartArray("files");
        foreach (ReferenceResult result in Results)
        {
            json.WriteStartObject();
            json.WriteString("file", result.File);
            json.WriteNumber("tokens", result.Tokens);
            json.WriteStartArray("compared");
            foreach (SiteDifference site in result.Compared)
            {
                Write(json, site);
            }
            json.WriteEndArray();
            json.WriteStartArray("notCompared");
            foreach (LeftOut left in result.LeftOut)
            {
                json.WriteStartObject();
                json.WriteString("tensor", left.Name);
                json.WriteString("reason", left.Reason);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Write(Utf8JsonWriter json, SiteDifference site)
    {
        json.WriteStartObject();
        json.WriteString("tensor", site.Name);
        json.WriteString("site", site.Site == Site.Logits ? SiteName.Of(Site.Logits, 0) : SiteName.Of(site.Site, 0)["blocks.0.".Length..]);
        Figure.Write(json, "layer", site.Layer);
        json.WriteNumber("values", site.Count);
        Figure.Write(json, "maxDifference", site.Maximum);
        Figure.Write(json, "medianDifference", site.Median);
        Figure.Write(json, "largestValue", site.Largest);
        Figure.Write(json, "relative", site.Relative);
        json.WriteBoolean("within", site.Relative <= Tolerance);
        json.WriteEndObject();
    }
}
