using System.Diagnostics;
using System.Text.Json;

namespace Keyhole.Benchmarks;

/// <summary>A finished process.</summary>
/// <param name="Output">What it wrote on standard output.</param>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="PeakBytes">Most memory that was resident, mapped pages included, as seen four times a second; 0 where the system does not tell.</param>
internal sealed record ChildProcess(string Output, double Seconds, long PeakBytes)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);   // looking takes time from what is measured

    /// <summary>The output as JSON.</summary>
    public JsonElement Json
    {
        get
        {
            using JsonDocument document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Runs the command of this build to its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Keyhole(params IEnumerable<string> arguments) => Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "keyhole.dll"), .. arguments]);

    /// <summary>Runs this program again, as a process of its own.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ChildProcess Self(params IEnumerable<string> arguments) => Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "keyhole-benchmarks.dll"), .. arguments]);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working folder, or null for this one's.</param>
    /// <param name="environment">Variables to set, or with null to take away.</param>
    /// <exception cref="InvalidOperationException">It ended with a code other than 0.</exception>
    public static ChildProcess Run(string program, IEnumerable<string> arguments, string? folder = null, params IEnumerable<(string Name, string? Value)> environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? string.Empty };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        long started = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        long peak = 0;
        while (!process.WaitForExit(s_look))
        {
            peak = Math.Max(peak, Resident(process));
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.WaitForExit();
        return process.ExitCode == 0
            ? new ChildProcess(output.GetAwaiter().GetResult(), seconds, peak)
            : throw new InvalidOperationException($"'{program} {string.Join(' ', start.ArgumentList)}' ended with {process.ExitCode}: {error.GetAwaiter().GetResult()}");
    }

    private static long Resident(Process process)
    {
        try
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
        catch (InvalidOperationException)
        {
            return 0;   // it has just ended
        }
    }
}
