using System.Diagnostics;
using System.Globalization;
using Keyhole.TestSupport;

namespace Keyhole.Cli.Tests;

/// <summary>Runs the built command as a user does, in a process of its own.</summary>
internal static class KeyholeProcess
{
    // A guard against a hang and no measure of speed: test projects share the cores, and a run of a minute has taken three.
    private const int LongestRunMs = 900_000;

    /// <summary>The assembly under test.</summary>
    public static string Assembly { get; } = Path.Combine(AppContext.BaseDirectory, "keyhole.dll");

    /// <summary>Runs <c>keyhole</c> with these words.</summary>
    public static CommandResult Run(params string[] arguments) => Run(new Dictionary<string, string>(), "", arguments);

    /// <summary>Runs <c>keyhole</c> with these words, environment variables and standard input.</summary>
    public static CommandResult Run(IReadOnlyDictionary<string, string> environment, string input, params string[] arguments)
        => Start(DotnetHost, environment, input, [Assembly, .. arguments]);

    /// <summary>Runs a line of shell in which <c>$KEYHOLE</c> is the command.</summary>
    public static CommandResult Shell(string line)
        => Start("/bin/sh", new Dictionary<string, string> { ["KEYHOLE"] = $"{DotnetHost} {Assembly}" }, "", ["-c", line]);

    /// <summary>Starts <c>keyhole</c> with these words; nobody reads what it prints.</summary>
    public static Process Begin(params string[] arguments)
        => Process.Start(new ProcessStartInfo(DotnetHost, [Assembly, .. arguments]) { WorkingDirectory = SharedData.Repository })!;

    /// <summary>Sends a signal by its name, such as <c>INT</c>.</summary>
    public static void Signal(Process process, string name)
    {
        using Process kill = Process.Start("kill", ["-s", name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Runs any program in the repository's root.</summary>
    public static CommandResult Start(string program, IReadOnlyDictionary<string, string> environment, string input, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = SharedData.Repository,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("KEYHOLE_", StringComparison.Ordinal) || name == "NO_COLOR").ToArray())
        {
            start.Environment.Remove(name);
        }
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        if (!process.WaitForExit(LongestRunMs))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{program} {string.Join(' ', start.ArgumentList)}' did not end within {LongestRunMs} ms.");
        }
        return new CommandResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>The program <c>dotnet</c>.</summary>
    public static string DotnetHost { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
