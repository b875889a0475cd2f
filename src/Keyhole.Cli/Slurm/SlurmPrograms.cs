using System.ComponentModel;
using System.Diagnostics;
using Keyhole.Engine;

namespace Keyhole.Cli.Slurm;

/// <summary>Calls Slurm's own programs.</summary>
internal static class SlurmPrograms
{
    /// <summary>Submits a script.</summary>
    /// <param name="script">Its path.</param>
    /// <param name="options">Options of <c>sbatch</c> that win over those of the script.</param>
    /// <returns>The job's id.</returns>
    /// <exception cref="InputRefusedException">KH6011: sbatch is not there or refuses.</exception>
    public static string Submit(string script, params ReadOnlySpan<string> options)
    {
        string answer = Require("sbatch", ["--parsable", .. options, script]);
        string id = answer.Trim().Split(';')[0]; // id;cluster where there are several
        return id.Length > 0 && id.All(char.IsAsciiDigit) ? id : throw new InputRefusedException("KH6011", $"sbatch answered '{answer.Trim()}' where the id of a job was expected.");
    }

    /// <summary>Takes a job out of the queue; nothing where it is not in it any more.</summary>
    public static void Cancel(string id) => _ = Run("scancel", [id]);

    /// <summary>What the queue holds of these jobs: one entry a task.</summary>
    /// <param name="names">Names of jobs.</param>
    /// <exception cref="InputRefusedException">KH6011: squeue is not there or cannot tell.</exception>
    public static IReadOnlyList<QueuedTask> Queued(params ReadOnlySpan<string> names)
    {
        string answer = Require("squeue", ["--noheader", "--array", $"--format={QueuedTask.Format}", $"--name={string.Join(',', names)}"]);
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(QueuedTask.Parse)];
    }

    private static string Require(string program, IEnumerable<string> arguments)
    {
        (int exit, string output, string error) = Run(program, arguments);
        return exit == 0 ? output : throw new InputRefusedException("KH6011", $"{program} failed: {error.Trim().ReplaceLineEndings(" ")}");
    }

    private static (int Exit, string Output, string Error) Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.Result);
        }
        catch (Win32Exception failure)
        {
            throw new InputRefusedException("KH6011", $"{program} cannot be started here ({failure.Message.TrimEnd('.')}): run this on a machine that submits to Slurm.", failure);
        }
    }
}
