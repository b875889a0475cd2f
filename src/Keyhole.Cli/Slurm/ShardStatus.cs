using System.Globalization;
using Keyhole.Mining;

namespace Keyhole.Cli.Slurm;

/// <summary>Where a shard stands, and how far it is.</summary>
/// <param name="Shard">Its number, from 0.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Checkpoint">What it would go on from; null without a checkpoint.</param>
/// <param name="Log">What its log tells.</param>
/// <param name="Task">What Slurm holds of it, or null.</param>
internal sealed record ShardStatus(int Shard, ShardState State, RunProgress? Checkpoint, ShardLog Log, QueuedTask? Task)
{
    private const int MostSignal = 128; // exit codes above it: ended by a signal

    /// <summary>Share that is done, from 0 to 1: of a shard that runs what it told last, else what its checkpoint keeps; null where neither is there.</summary>
    public double? Share => State switch
    {
        ShardState.Done => 1,
        ShardState.Running => Log.Share ?? Checkpoint?.Share,
        _ => Checkpoint?.Share,
    };

    /// <summary>What stands against it, for people; null where nothing does.</summary>
    public string? Error => State is ShardState.Done ? null
        : Log.Error ?? (Log.ExitCode is { } code and not 0 && State is ShardState.Stopped or ShardState.Failed ? string.Create(CultureInfo.InvariantCulture, $"exit code {Log.ExitCode}") : null);

    /// <summary>Looks at a shard's files, and at what Slurm holds.</summary>
    /// <param name="folder">Where they are.</param>
    /// <param name="shard">Its number.</param>
    /// <param name="submitted">Whether it was ever submitted.</param>
    /// <param name="task">What Slurm holds of it, or null.</param>
    public static ShardStatus Of(SlurmFolder folder, int shard, bool submitted, QueuedTask? task)
    {
        ShardLog log = ShardLog.Read(folder.Log(shard));
        ShardState state = File.Exists(folder.Shard(shard)) ? ShardState.Done
            : task is { IsPending: true } ? ShardState.Pending
            : task is not null ? ShardState.Running
            : !submitted && !File.Exists(folder.Log(shard)) ? ShardState.Unsubmitted
            : log.ExitCode is > 0 and <= MostSignal ? ShardState.Failed
            : ShardState.Stopped;
        return new ShardStatus(shard, state, state == ShardState.Done ? null : RunProgress.Of(folder.Shard(shard)), log, task);
    }
}
