namespace Keyhole.Cli.Slurm;

/// <summary>How this command was started, so that another machine with the same files can start it the same way.</summary>
internal static class RunningCommand
{
    /// <summary>The beginning of a shell command: the tool's own program, or <c>dotnet</c> with its assembly.</summary>
    public static string Words()
    {
        string program = Environment.ProcessPath ?? "dotnet";
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? ShellText.Words([program, Path.Combine(AppContext.BaseDirectory, "keyhole.dll")])
            : ShellText.Word(program);
    }
}
