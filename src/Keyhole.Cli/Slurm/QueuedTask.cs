using System.Globalization;
using Keyhole.Engine;

namespace Keyhole.Cli.Slurm;

/// <summary>A task that Slurm holds.</summary>
/// <param name="Name">The job's name.</param>
/// <param name="Job">Id of the job, of the array's where it is of one.</param>
/// <param name="Task">Number in the array; null of a job that is none.</param>
/// <param name="State">Slurm's word: <c>RUNNING</c>, <c>PENDING</c>, <c>COMPLETING</c> and others.</param>
/// <param name="Reason">Why it waits, in Slurm's word.</param>
internal sealed record QueuedTask(string Name, string Job, int? Task, string State, string Reason)
{
    /// <summary>The columns that are asked of <c>squeue</c>.</summary>
    public const string Format = "%j|%F|%K|%T|%r";

    /// <summary>Reads a line of <c>squeue</c> in this format.</summary>
    /// <exception cref="InputRefusedException">KH6011: the line is not of this form.</exception>
    public static QueuedTask Parse(string line)
    {
        string[] cells = line.Split('|');
        if (cells.Length != 5)
        {
            throw new InputRefusedException("KH6011", $"squeue answered '{line}' where name|array|task|state|reason was expected.");
        }

        return new QueuedTask(cells[0], cells[1], int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out int task) ? task : null, cells[3], cells[4]);
    }

    /// <summary>Whether it waits for its turn.</summary>
    public bool IsPending => State is "PENDING" or "REQUEUED" or "REQUEUE_HOLD" or "CONFIGURING" or "SUSPENDED";

    /// <summary>Whether it is over, and only still listed.</summary>
    public bool IsOver => State is "COMPLETED" or "CANCELLED" or "FAILED" or "TIMEOUT" or "NODE_FAIL" or "OUT_OF_MEMORY" or "BOOT_FAIL" or "DEADLINE";
}
