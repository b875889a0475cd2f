using System.CommandLine;
using System.Globalization;
using Keyhole.Cli.Slurm;
using Keyhole.Engine;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole slurm status</c>: how far a job array is, and its shards submitted again.</summary>
internal sealed class SlurmStatusCommand : KeyholeCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "The folder STUDY.slurm that 'keyhole slurm' wrote, or STUDY." };
    private readonly Option<bool> _resubmit = new("--resubmit") { Description = "Submit the shards that are neither done nor in the queue, and a merge; each goes on from its checkpoint." };

    /// <summary>Creates the command.</summary>
    public SlurmStatusCommand()
        : base("status", "Tells how far the shards of 'keyhole slurm' are, and submits again those that were stopped or failed.",
            "keyhole slurm status wiki.study",
            "keyhole slurm status wiki.study --resubmit")
    {
        Add(_folder);
        Add(_resubmit);
    }

    /// <inheritdoc/>
    public override bool StopsAtOnce => true;

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        SlurmFolder folder = SlurmFolder.Named(options.GetRequiredValue(_folder));
        SlurmJob job = SlurmJob.Read(folder);
        bool resubmit = options.GetValue(_resubmit);
        JobStatus status = JobStatus.Of(job, folder, Queue(job, resubmit, console));
        if (resubmit && !status.IsComplete)
        {
            job = Resubmit(job, folder, status, console);
            status = JobStatus.Of(job, folder, Queue(job, required: true, console));
        }

        if (console.Json)
        {
            WriteJson(console, job, status);
        }
        else
        {
            WriteText(console, job, status);
        }

        return ExitCode.Done;
    }

    // Without Slurm the files still tell what is done; to submit again without knowing the queue could start a shard twice.
    private static IReadOnlyList<QueuedTask> Queue(SlurmJob job, bool required, CommandConsole console)
    {
        try
        {
            return SlurmPrograms.Queued(job.Name(SlurmJob.Mine), job.Name(SlurmJob.Merge));
        }
        catch (InputRefusedException refused) when (!required)
        {
            console.Note($"{refused.Message} What runs and what waits is not known; the files are told.");
            return [];
        }
    }

    private static SlurmJob Resubmit(SlurmJob job, SlurmFolder folder, JobStatus status, CommandConsole console)
    {
        IReadOnlyList<int> shards = status.ToSubmit;
        if (shards.Count == 0 && status.Merge is { Reason: not "DependencyNeverSatisfied" })
        {
            console.Note("Nothing to submit: every shard is done or in the queue, and so is the merge.");
            return job;
        }

        if (status.Merge is { } waiting)
        {
            SlurmPrograms.Cancel(waiting.Job); // It waits for an array that has failed.
        }

        job = Submitter.Submit(job, folder, shards, [.. status.Shards.Where(shard => shard.State is ShardState.Running or ShardState.Pending).Select(shard => shard.Task!)]);
        Submission submitted = job.Submissions[^1];
        console.Note(shards.Count == 0
            ? $"Submitted: merge {submitted.MergeJob}."
            : $"Submitted: shards {Submitter.Ranges(shards)} as array {submitted.ArrayJob}, merge {submitted.MergeJob}.");
        return job;
    }

    private static void WriteText(CommandConsole console, SlurmJob job, JobStatus status)
    {
        console.WriteTable(["shard", "state", ">done", ">left", "job", "last error"], status.Shards.Select(shard => (IReadOnlyList<string>)
        [
            shard.Shard.ToString(CultureInfo.InvariantCulture),
            Word(shard.State),
            shard.Share is { } share ? share.ToString("0%", CultureInfo.InvariantCulture) : "-",
            shard is { State: ShardState.Running, Log.SecondsLeft: { } left } ? TimeText.Short(TimeSpan.FromSeconds(left)) : "-",
            shard.Task is { } task ? string.Create(CultureInfo.InvariantCulture, $"{task.Job}_{task.Task}") : "-",
            shard.Error ?? "",
        ]));
        console.Output.Write($"\n{string.Join(", ", Counts(status).Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Count} {Word(pair.State)}")))} of {job.Shards.ToString(CultureInfo.InvariantCulture)} shards. Merge: {Merge(status)}.\n");
    }

    private static void WriteJson(CommandConsole console, SlurmJob job, JobStatus status) => console.WriteJson(1, json =>
    {
        json.WriteString("study", job.Study);
        json.WriteBoolean("complete", status.IsComplete);
        json.WriteString("merge", Merge(status));
        json.WriteStartObject("counts");
        foreach ((ShardState state, int count) in Counts(status))
        {
            json.WriteNumber(Word(state), count);
        }

        json.WriteEndObject();
        json.WriteStartArray("shards");
        foreach (ShardStatus shard in status.Shards)
        {
            json.WriteStartObject();
            json.WriteNumber("shard", shard.Shard);
            json.WriteString("state", Word(shard.State));
            Write("share", shard.Share);
            Write("secondsLeft", shard.State == ShardState.Running ? shard.Log.SecondsLeft : null);
            Write("checkpointShare", shard.Checkpoint?.Share);
            json.WriteString("job", shard.Task is { } task ? string.Create(CultureInfo.InvariantCulture, $"{task.Job}_{task.Task}") : null);
            Write("exitCode", shard.Log.ExitCode);
            json.WriteString("error", shard.Error);
            json.WriteEndObject();
        }

        json.WriteEndArray();

        void Write(string name, double? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
            else
            {
                json.WriteNull(name);
            }
        }
    });

    private static string Merge(JobStatus status)
        => status.Merge is { } job ? job.State.ToLowerInvariant()
        : status.MergedStudy ? "done"
        : status.MergeError is { } error ? $"failed ({error})"
        : "not submitted, or ended without a study";

    private static IEnumerable<(ShardState State, int Count)> Counts(JobStatus status)
        => status.Shards.GroupBy(shard => shard.State).OrderBy(group => group.Key).Select(group => (group.Key, group.Count()));

    private static string Word(ShardState state) => state == ShardState.Unsubmitted ? "not submitted" : state.ToString().ToLowerInvariant();
}
