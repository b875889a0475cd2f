using System.Globalization;

namespace Keyhole.Cli.Slurm;

/// <summary>Submits the jobs of a study and keeps their ids in <c>job.json</c>.</summary>
internal static class Submitter
{
    /// <summary>Submits shards as an array, and a merge that waits for them.</summary>
    /// <param name="job">The job.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="shards">The shards to submit; none submits the merge alone.</param>
    /// <param name="queued">Tasks of earlier arrays that the merge must wait for, too.</param>
    /// <returns>The job with the new submission, as it was written.</returns>
    /// <exception cref="Engine.InputRefusedException">KH6011: sbatch refuses. Where it took the array and refused the merge, the array is kept in the file.</exception>
    public static SlurmJob Submit(SlurmJob job, SlurmFolder folder, IReadOnlyList<int> shards, IReadOnlyList<QueuedTask> queued)
    {
        var submission = new Submission(DateTimeOffset.UtcNow, shards.Count == 0 ? null : SlurmPrograms.Submit(folder.MineScript, $"--array={Ranges(shards)}{Most(job)}"), shards, null);
        SlurmJob begun = job with { Submissions = [.. job.Submissions, submission] };
        begun.Write(folder);
        string[] before = [.. queued.Select(task => string.Create(CultureInfo.InvariantCulture, $"{task.Job}_{task.Task}")), .. submission.ArrayJob is { } array ? [array] : Array.Empty<string>()];
        string merge = before.Length == 0
            ? SlurmPrograms.Submit(folder.MergeScript)
            : SlurmPrograms.Submit(folder.MergeScript, $"--dependency=afterok:{string.Join(':', before)}");
        SlurmJob submitted = job with { Submissions = [.. job.Submissions, submission with { MergeJob = merge }] };
        submitted.Write(folder);
        return submitted;
    }

    /// <summary>Numbers in Slurm's notation: <c>0-3,7</c>.</summary>
    /// <param name="numbers">Ascending, each once.</param>
    public static string Ranges(IReadOnlyList<int> numbers)
    {
        var parts = new List<string>();
        for (int first = 0; first < numbers.Count;)
        {
            int last = first;
            while (last + 1 < numbers.Count && numbers[last + 1] == numbers[last] + 1)
            {
                last++;
            }

            parts.Add(first == last
                ? numbers[first].ToString(CultureInfo.InvariantCulture)
                : string.Create(CultureInfo.InvariantCulture, $"{numbers[first]}-{numbers[last]}"));
            first = last + 1;
        }

        return string.Join(',', parts);
    }

    private static string Most(SlurmJob job) => job.MaxRunning is { } most ? string.Create(CultureInfo.InvariantCulture, $"%{most}") : "";
}
