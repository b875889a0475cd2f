using System.Globalization;
using System.Text.Json;
using Keyhole.Verification.Studies;

namespace Keyhole.Cli.Verifying;

/// <summary>What <c>keyhole verify STUDY</c> prints.</summary>
/// <param name="Study">The study's path.</param>
/// <param name="Verdict">What was found.</param>
internal sealed record StudyReport(string Study, StudyVerdict Verdict)
{
    private const int SchemaVersion = 1;

    /// <summary>Whether a path is an SQLite file, as studies are; a model is none.</summary>
    public static bool IsStudy(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        ReadOnlySpan<byte> magic = "SQLite format 3\0"u8;
        Span<byte> head = stackalloc byte[magic.Length];
        using FileStream file = File.OpenRead(path);
        return file.ReadAtLeast(head, magic.Length, throwOnEndOfStream: false) == magic.Length && head.SequenceEqual(magic);
    }

    /// <summary>Prints it, as a table or as JSON.</summary>
    public void Write(CommandConsole console)
    {
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, WriteProperties);
            return;
        }

        console.WriteTable(["check", ">examined", ""], Verdict.Checks.Select(check => (IReadOnlyList<string>)[check.Name, check.WasDone ? Text($"{check.Examined:N0}") : string.Empty, Outcome(check)]));
        foreach (StudyCheck check in Verdict.Checks.Where(check => check.Failures > 0))
        {
            foreach (string difference in check.Differences)
            {
                console.Output.WriteLine(difference);
            }

            if (check.Failures > check.Differences.Count)
            {
                console.Output.WriteLine(Text($"... and {check.Failures - check.Differences.Count:N0} more of {check.Name}"));
            }
        }

        string mined = Verdict.UnitsMined == Verdict.Units ? Text($"all {Verdict.Units:N0} units mined again") : Text($"{Verdict.UnitsMined:N0} of {Verdict.Units:N0} units mined again");
        console.Output.WriteLine(Verdict.IsVerified ? $"{Study}: verified, {mined}" : Text($"{Study}: FAILED in {Verdict.Checks.Count(check => check.Failures > 0)} of {Verdict.Checks.Count} checks, {mined}"));
    }

    private static string Outcome(StudyCheck check)
    {
        string outcome = !check.WasDone ? "not done" : check.Failures == 0 ? "ok" : Text($"FAILED ({check.Failures:N0})");
        return check.Note.Length == 0 ? outcome : $"{outcome}: {check.Note}";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private void WriteProperties(Utf8JsonWriter json)
    {
        json.WriteString("study", Study);
        json.WriteBoolean("verified", Verdict.IsVerified);
        json.WriteNumber("units", Verdict.Units);
        json.WriteNumber("unitsMined", Verdict.UnitsMined);
        json.WriteStartArray("checks");
        foreach (StudyCheck check in Verdict.Checks)
        {
            json.WriteStartObject();
            json.WriteString("check", check.Name);
            json.WriteBoolean("done", check.WasDone);
            json.WriteNumber("examined", check.Examined);
            json.WriteNumber("failures", check.Failures);
            json.WriteString("note", check.Note);
            json.WriteStartArray("differences");
            foreach (string difference in check.Differences)
            {
                json.WriteStringValue(difference);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
