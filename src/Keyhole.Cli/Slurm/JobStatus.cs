namespace Keyhole.Cli.Slurm;

/// <summary>Where all shards of a study and its merge stand.</summary>
/// <param name="Shards">The shards, in order.</param>
/// <param name="MergedStudy">Whether the study itself is there.</param>
/// <param name="Merge">The merge that Slurm holds, or null.</param>
/// <param name="MergeError">The last line of the merge's log that tells of a fault, or null.</param>
internal sealed record JobStatus(IReadOnlyList<ShardStatus> Shards, bool MergedStudy, QueuedTask? Merge, string? MergeError)
{
    /// <summary>Whether all is mined and merged.</summary>
    public bool IsComplete => MergedStudy && Merge is null && Shards.All(shard => shard.State == ShardState.Done);

    /// <summary>Shards that are neither done nor in Slurm's hands.</summary>
    public IReadOnlyList<int> ToSubmit => [.. Shards.Where(shard => shard.State is ShardState.Stopped or ShardState.Failed or ShardState.Unsubmitted).Select(shard => shard.Shard)];

    /// <summary>Asks the files and Slurm.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="queue">What Slurm holds of its jobs.</param>
    public static JobStatus Of(SlurmJob job, SlurmFolder folder, IReadOnlyList<QueuedTask> queue)
    {
        QueuedTask[] current = [.. queue.Where(task => !task.IsOver)];
        string mine = job.Name(SlurmJob.Mine);
        string merge = job.Name(SlurmJob.Merge);
        ILookup<int?, QueuedTask> tasks = current.Where(task => task.Name == mine).ToLookup(task => task.Task);
        HashSet<int> submitted = [.. job.Submissions.SelectMany(submission => submission.Shards)];
        ShardStatus[] shards = [.. Enumerable.Range(0, job.Shards).Select(shard => ShardStatus.Of(folder, shard, submitted.Contains(shard), tasks[shard].LastOrDefault()))];
        bool merged = File.Exists(job.Study);
        return new JobStatus(shards, merged, current.LastOrDefault(task => task.Name == merge), merged ? null : ShardLog.Read(folder.MergeLog).Error);
    }
}
