using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class EventLinesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void A_progress_line_has_the_share_the_times_and_the_figures()
    {
        (StringWriter written, SteppedClock clock, ProgressEvents progress) = Make();
        clock.Seconds = 0.5;
        progress.Report(new ProgressState("reading", 0, "", []));
        written.GetStringBuilder().Clear();
        clock.Seconds = 60.5;
        progress.Report(new ProgressState("mining", 0.25, "not for machines", [new("tokens", 1234), new("tokensPerSecond", 20.5), new("changedShare", double.NaN)]));
        Assert.Equal("""{"time":"2026-01-02T03:05:05.5+00:00","event":"progress","phase":"mining","share":0.25,"elapsedSeconds":60.5,"secondsLeft":180,"tokens":1234,"tokensPerSecond":20.5}""" + "\n", written.ToString());
    }

    [Fact]
    public void Without_a_share_no_time_is_left_to_tell()
    {
        (StringWriter written, _, ProgressEvents progress) = Make();
        progress.Report(new ProgressState("mining", 0, ""));
        Assert.Equal("""{"time":"2026-01-02T03:04:05+00:00","event":"progress","phase":"mining","share":0,"elapsedSeconds":0}""" + "\n", written.ToString());
    }

    [Fact]
    public void Lines_come_at_most_once_a_second_and_of_a_long_run_every_ten()
    {
        (StringWriter written, SteppedClock clock, ProgressEvents progress) = Make();
        for (int tenth = 0; tenth <= 30; tenth++)
        {
            clock.Seconds = tenth / 10.0;
            progress.Report(new ProgressState("mining", tenth / 30.0, ""));
        }

        for (int second = 36000; second <= 36010; second++)
        {
            clock.Seconds = second;
            progress.Report(new ProgressState("mining", 0.5, ""));
        }

        string[] lines = written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([0, 1, 2, 3, 36000, 36010], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("elapsedSeconds").GetDouble()));
    }

    [Fact]
    public void Mining_writes_nothing_but_events_to_standard_error()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("mine", "models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--limit", "300", "-o", folder.File("a.study"), "--log-json");
        Assert.Equal(0, result.ExitStatus);
        JsonElement[] events = Events(result.Error);
        JsonElement[] progress = [.. events.Where(line => Name(line) == "progress")];
        Assert.NotEmpty(progress);
        Assert.All(progress, line => Assert.InRange(line.GetProperty("share").GetDouble(), 0, 1));
        Assert.Contains(progress, line => line.TryGetProperty("tokensPerSecond", out JsonElement rate) && rate.GetDouble() > 0);
        Assert.Contains(events, line => Name(line) == "note" && line.GetProperty("message").GetString()!.StartsWith("memory plan: ", StringComparison.Ordinal));
        Assert.All(events, line => Assert.True(line.GetProperty("time").TryGetDateTimeOffset(out _)));
    }

    [Fact]
    public void An_error_has_its_code_and_quiet_does_not_hide_it()
    {
        CommandResult result = KeyholeProcess.Run("mine", "no/such/model", "corpora", "-o", "x.study", "--log-json", "--quiet");
        JsonElement error = Assert.Single(Events(result.Error));
        Assert.Equal("error", Name(error));
        Assert.Matches("^KH[0-9]{4}$", error.GetProperty("code").GetString());
        Assert.Contains("no/such/model", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_command_line_is_an_event_too()
    {
        CommandResult result = KeyholeProcess.Run("mine", "--log-json");
        Assert.Equal(2, result.ExitStatus);
        Assert.Equal(["error", "detail"], Events(result.Error).Select(Name));
    }

    private static (StringWriter Written, SteppedClock Clock, ProgressEvents Progress) Make()
    {
        var written = new StringWriter();
        var clock = new SteppedClock();
        return (written, clock, new ProgressEvents(new EventLines(written, clock), clock));
    }

    private static JsonElement[] Events(string error)
        => [.. error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Name(JsonElement line) => line.GetProperty("event").GetString();

    private sealed class SteppedClock : TimeProvider
    {
        public double Seconds { get; set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => (long)Math.Round(Seconds * 1000);

        public override DateTimeOffset GetUtcNow() => Start.AddSeconds(Seconds);
    }
}
