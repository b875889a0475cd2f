namespace Keyhole.Cli.Slurm;

/// <summary>What <c>sbatch</c> was given once.</summary>
/// <param name="Time">When.</param>
/// <param name="ArrayJob">Id of the job array; null where only the merge was submitted.</param>
/// <param name="Shards">The shards of the array, ascending.</param>
/// <param name="MergeJob">Id of the job that merges; null where sbatch refused it.</param>
internal sealed record Submission(DateTimeOffset Time, string? ArrayJob, IReadOnlyList<int> Shards, string? MergeJob);
