using System.Globalization;
using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Verification;

namespace Keyhole.Cli.Verifying;

/// <summary><c>keyhole verify --all FOLDER</c>: one line a model; a model that is refused does not stop the others.</summary>
/// <param name="tolerance">Largest relative difference that is allowed.</param>
/// <param name="threads">Worker threads.</param>
/// <param name="markdown">Whether the table is Markdown.</param>
internal sealed class FolderVerification(double tolerance, int threads, bool markdown)
{
    private const int SchemaVersion = 1;
    private static readonly string[] s_columns = ["model", "family", ">tensors", ">max difference", ">relative", "where", "verdict"];

    /// <summary>Runs every model and prints the table.</summary>
    /// <returns>0 where all are within the tolerance, else 1.</returns>
    public int Run(string folder, CommandConsole console, CancellationToken stop)
    {
        VerifiedModel[] models = [.. ReferenceFiles.Models(folder).Select(model => Verify(model, stop))];
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, json => WriteProperties(json, folder, models));
        }
        else if (markdown)
        {
            console.Output.WriteLine($"| {string.Join(" | ", s_columns.Select(column => column.TrimStart('>')))} |");
            console.Output.WriteLine($"|{string.Concat(s_columns.Select(column => column.StartsWith('>') ? "--:|" : "---|"))}");
            foreach (VerifiedModel model in models)
            {
                console.Output.WriteLine($"| {string.Join(" | ", Row(model).Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |");
            }
        }
        else
        {
            console.WriteTable(s_columns, models.Select(Row));
        }
        int within = models.Count(model => model.IsWithin(tolerance));
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{within} of {models.Length} models within {tolerance:0.0e+0} of each tensor's largest value"));
        return within == models.Length ? ExitCode.Done : ExitCode.Failed;
    }

    private VerifiedModel Verify(VerifiableModel found, CancellationToken stop)
    {
        string? family = null;
        try
        {
            using Model model = Model.Open(found.Path);
            family = model.Spec.Family;
            using var check = new ReferenceCheck(model, threads);
            return new VerifiedModel(found.Name, family, [.. found.References.Select(file => check.Run(file, stop))], null);
        }
        catch (Exception refused) when (refused is InputRefusedException or NotFiniteException)
        {
            return new VerifiedModel(found.Name, family, [], FailureReport.For(refused));
        }
    }

    private string[] Row(VerifiedModel model)
    {
        if (model.Worst is not { } file)
        {
            return [model.Name, model.Family ?? "", "", "", "", "", $"{model.Refusal!.Code}: {model.Refusal.Sentence}"];
        }
        SiteDifference worst = file.Worst;
        string compared = string.Create(CultureInfo.InvariantCulture, $"{model.Compared}{(model.LeftOut == 0 ? "" : $" of {model.Compared + model.LeftOut}")}");
        double maximum = model.Results.Max(result => result.Compared.Max(site => site.Maximum));
        return [model.Name, model.Family!, compared, Figure.Of(maximum), Figure.Of(worst.Relative), worst.Name, model.IsWithin(tolerance) ? "within" : "beyond"];
    }

    private void WriteProperties(Utf8JsonWriter json, string folder, VerifiedModel[] models)
    {
        json.WriteString("folder", folder);
        json.WriteNumber("tolerance", tolerance);
        json.WriteBoolean("within", models.All(model => model.IsWithin(tolerance)));
        json.WriteStartArray("models");
        foreach (VerifiedModel model in models)
        {
            json.WriteStartObject();
            json.WriteString("name", model.Name);
            json.WriteString("family", model.Family);
            json.WriteNumber("captures", model.Results.Count);
            json.WriteNumber("compared", model.Compared);
            json.WriteNumber("notCompared", model.LeftOut);
            Figure.Write(json, "maxDifference", model.Worst is null ? null : model.Results.Max(result => result.Compared.Max(site => site.Maximum)));
            Figure.Write(json, "relative", model.Worst?.Worst.Relative);
            json.WriteString("worstFile", model.Worst?.File);
            json.WriteString("worstTensor", model.Worst?.Worst.Name);
            json.WriteBoolean("within", model.IsWithin(tolerance));
            json.WriteString("refusedCode", model.Refusal?.Code);
            json.WriteString("refusal", model.Refusal?.Sentence);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
