namespace Keyhole.Cli.Slurm;

/// <summary>Where a shard stands.</summary>
internal enum ShardState
{
    /// <summary>Its study is there.</summary>
    Done,

    /// <summary>Slurm runs it.</summary>
    Running,

    /// <summary>Slurm will run it.</summary>
    Pending,

    /// <summary>Slurm does not hold it, and it is not done: stopped or killed, to be resubmitted.</summary>
    Stopped,

    /// <summary>As <see cref="Stopped"/>, and the command itself ended with an error.</summary>
    Failed,

    /// <summary>It was never submitted.</summary>
    Unsubmitted,
}
