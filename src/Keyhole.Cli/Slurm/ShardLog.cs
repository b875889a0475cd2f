using System.Text;
using System.Text.Json;

namespace Keyhole.Cli.Slurm;

/// <summary>What the end of a shard's log tells of its last start.</summary>
/// <param name="Share">Share of the work that is done, from 0 to 1; null where none was told.</param>
/// <param name="SecondsLeft">What the run itself expected; null where it told nothing.</param>
/// <param name="ExitCode">Of the command; null while it runs, or where it had no time to end.</param>
/// <param name="Error">The last line that tells of a fault, for people; null without one.</param>
internal sealed record ShardLog(double? Share, double? SecondsLeft, int? ExitCode, string? Error)
{
    private const int TailBytes = 256 << 10;
    private const int LongestError = 400;

    /// <summary>No log, or nothing in it.</summary>
    public static ShardLog None { get; } = new(null, null, null, null);

    /// <summary>Reads the end of a log; a file that is not there tells nothing.</summary>
    public static ShardLog Read(string path)
    {
        if (!File.Exists(path))
        {
            return None;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = Math.Max(0, file.Length - TailBytes);
        byte[] tail = new byte[TailBytes];
        int read = file.ReadAtLeast(tail, tail.Length, throwOnEndOfStream: false);
        return Parse(Encoding.UTF8.GetString(tail, 0, read));
    }

    /// <summary>Reads the lines of a log: events of the script and of the command, and what Slurm and the system write between them.</summary>
    public static ShardLog Parse(string text)
    {
        ShardLog log = None;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            log = line[0] == '{' && Event(line) is { } members ? log.After(members) : log.AfterText(line);
        }

        return log;
    }

    private static Dictionary<string, JsonElement>? Event(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(line);
        }
        catch (JsonException)
        {
            return null; // Two writers may have met in a line.
        }
    }

    private static double? Number(Dictionary<string, JsonElement> members, string name)
        => members.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : null;

    private static string? Text(Dictionary<string, JsonElement> members, string name)
        => members.TryGetValue(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Shortened(string text) => text.Length <= LongestError ? text : text[..LongestError] + "...";

    private ShardLog After(Dictionary<string, JsonElement> members) => Text(members, "event") switch
    {
        "start" => None with { Share = Share }, // what a checkpoint keeps; the run tells it anew
        "progress" => this with { Share = Number(members, "share") ?? Share, SecondsLeft = Number(members, "secondsLeft") },
        "error" => this with { Error = Shortened($"{Text(members, "code")}: {Text(members, "message")}") },
        "end" => this with { ExitCode = (int?)Number(members, "exitCode"), SecondsLeft = null },
        _ => this,
    };

    private ShardLog AfterText(string line)
        => line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("killed", StringComparison.OrdinalIgnoreCase) ? this with { Error = Shortened(line) } : this;
}
