using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Keyhole.Benchmarks;

/// <summary>A finished process.</summary>
/// <param name="Name">What was run, in few words.</param>
/// <param name="Output">What it wrote on standard output.</param>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="PeakBytes">Most memory that was resident, mapped pages included, as seen four times a second; 0 where the system does not tell.</param>
internal sealed partial record ChildProcess(string Name, string Output, double Seconds, long PeakBytes)
{
    private const int FirstSignalStatus = 128;   // a shell's and .NET's exit status of a process that a signal ended: 128 + its number
    private const int LongestComplaint = 500;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(250);   // looking takes time from what is measured
    private static readonly TimeSpan s_sameSignal = TimeSpan.FromSeconds(1);

    /// <summary>The output as JSON.</summary>
    /// <exception cref="BenchmarkFailedException">It is none.</exception>
    public JsonElement Json
    {
        get
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(Output);
                return document.RootElement.Clone();
            }
            catch (JsonException failure)
            {
                throw new BenchmarkFailedException($"'{Name}' printed no JSON object: {failure.Message}", failure);
            }
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working folder, or null for this one's.</param>
    /// <param name="environment">Variables to set, or with null to take away.</param>
    /// <param name="stop">Ends it, and all that it started.</param>
    /// <exception cref="BenchmarkFailedException">It cannot be started, or ended with a code other than 0.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static ChildProcess Run(string program, IReadOnlyList<string> arguments, string? folder, IEnumerable<(string Name, string? Value)> environment, CancellationToken stop)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? string.Empty };
        foreach ((string name, string? value) in environment)
        {
            start.Environment[name] = value;
        }

        stop.ThrowIfCancellationRequested();
        string called = Call(program, arguments);
        long started = Stopwatch.GetTimestamp();
        using Process process = Start(start, called);
        Task<string> output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        Task<string> error = process.StandardError.ReadToEndAsync(CancellationToken.None);
        long peak = 0;
        while (!process.WaitForExit(s_look))
        {
            if (stop.IsCancellationRequested)
            {
                process.Kill(entireProcessTree: true);
            }

            peak = Math.Max(peak, Resident(process));
        }

        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.WaitForExit();
        if (process.ExitCode > FirstSignalStatus)
        {
            stop.WaitHandle.WaitOne(s_sameSignal);   // ctrl-C ends it too, and perhaps before this process hears of it
        }

        stop.ThrowIfCancellationRequested();
        return process.ExitCode == 0
            ? new ChildProcess(called, output.GetAwaiter().GetResult(), seconds, peak)
            : throw new BenchmarkFailedException(string.Create(CultureInfo.InvariantCulture, $"'{called}' ended with {process.ExitCode}: {Complaint(error.GetAwaiter().GetResult())}"));
    }

    /// <summary>Runs a program to its end in this one's folder and environment.</summary>
    /// <inheritdoc cref="Run(string, IReadOnlyList{string}, string?, IEnumerable{ValueTuple{string, string?}}, CancellationToken)"/>
    public static ChildProcess Run(string program, IReadOnlyList<string> arguments, CancellationToken stop) => Run(program, arguments, folder: null, [], stop);

    /// <summary>The line of a program's standard error that says what went wrong: the first that names an error, with nothing of a stack, else the last.</summary>
    public static string Complaint(string error)
    {
        string[] lines = [.. error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
        string said = lines.FirstOrDefault(line => !char.IsWhiteSpace(line[0]) && Fault().IsMatch(line)) ?? lines.LastOrDefault()?.Trim() ?? "it said nothing.";
        return said.Length <= LongestComplaint ? said : said[..LongestComplaint] + "...";
    }

    private static Process Start(ProcessStartInfo start, string called)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new BenchmarkFailedException($"'{called}' cannot be started: {failure.Message}", failure);
        }
    }

    // "keyhole mine" of "dotnet folder/keyhole.dll mine ...", "node evaluate.mjs" of "node evaluate.mjs ...".
    private static string Call(string program, IReadOnlyList<string> arguments)
    {
        bool isAssembly = arguments.Count > 0 && arguments[0].EndsWith(".dll", StringComparison.Ordinal);
        string name = Path.GetFileNameWithoutExtension(isAssembly ? arguments[0] : program);
        string? first = arguments.Skip(isAssembly ? 1 : 0).FirstOrDefault();
        return first is null ? name : $"{name} {Path.GetFileName(first)}";
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

    [GeneratedRegex("error|exception", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Fault();
}
