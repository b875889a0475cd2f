using System.Globalization;

namespace Keyhole.Cli.Slurm;

/// <summary>The text of the two scripts that a job array needs.</summary>
internal static class JobScripts
{
    private const int MemoryPercent = 85; // of what the job may use; the rest is for pages of mapped weights that are in use

    /// <summary>The script of the array: task i mines shard i.</summary>
    public static string Mine(SlurmJob job, SlurmFolder folder)
    {
        string all = job.Shards.ToString(CultureInfo.InvariantCulture);
        string running = job.MaxRunning is { } most ? string.Create(CultureInfo.InvariantCulture, $"%{most}") : "";
        string[] directives =
        [
            .. Directives(job, SlurmJob.Mine), string.Create(CultureInfo.InvariantCulture, $"--array=0-{job.Shards - 1}{running}"), $"--output={LogPattern(folder.Logs, "%3a.log")}",
            "--requeue", string.Create(CultureInfo.InvariantCulture, $"--signal=B:TERM@{job.WarnSeconds}"), .. job.Request.ForArray(),
        ];
        return $$"""
            #!/bin/bash
            # Mines a study in {{all}} shards: task i of this job array mines shard i.
            # Written by 'keyhole slurm'; 'keyhole slurm status' tells how far it is.
            {{Lines(directives)}}

            shard=$SLURM_ARRAY_TASK_ID
            job=${SLURM_ARRAY_JOB_ID}_$shard
            study={{ShellText.Word(folder.Shards)}}/$(printf '%03d' "$shard").study

            event() { printf '{"time":"%s","event":"%s","job":"%s",%s}\n' "$(date -u +%FT%TZ)" "$1" "$job" "$2"; }
            event start "\"node\":\"$(hostname)\",\"restarts\":${SLURM_RESTART_COUNT:-0}"

            {{Machine(job)}}
            {{job.Keyhole}} mine {{ShellText.Words([job.Model, .. job.Corpus])}} \
                -o "$study" --shard "$shard/{{all}}" --resume --log-json "${machine[@]}"{{Options(job)}} &
            mining=$!

            # Slurm sends TERM some time before the limit: the command is told once, writes its checkpoint and ends with 143.
            trap 'trap "" TERM; kill -TERM "$mining"' TERM
            wait "$mining"
            wait "$mining"   # the first ends with the signal, too; the second has the command's own exit code
            code=$?
            event end "\"exitCode\":$code"

            # A job that Slurm is ending itself (cancelled, preempted, requeued) is no longer RUNNING, and is left to it.
            if [ "$code" -gt 128 ] && [ "$(squeue --noheader --format=%T --jobs="$job")" = RUNNING ]; then
                # Stopped with a checkpoint: go on in a new run. Killed, by lack of memory for one: try again a few times.
                if [ "$code" -eq 143 ] || [ "${SLURM_RESTART_COUNT:-0}" -lt 3 ]; then
                    event requeue "\"exitCode\":$code"
                    scontrol requeue "$job"
                fi
            fi
            exit "$code"

            """;
    }

    /// <summary>The script of the job that merges the shards.</summary>
    public static string Merge(SlurmJob job, SlurmFolder folder)
    {
        string[] directives = [.. Directives(job, SlurmJob.Merge), $"--output={LogPattern(folder.Logs, Path.GetFileName(folder.MergeLog))}", "--requeue", "--kill-on-invalid-dep=yes", .. job.Request.ForMerge()];
        return $$"""
            #!/bin/bash
            # Merges the {{job.Shards.ToString(CultureInfo.InvariantCulture)}} shards of a study, once all are mined. Written by 'keyhole slurm'.
            {{Lines(directives)}}

            {{job.Keyhole}} merge {{ShellText.Word(folder.Shards)}}/*.study \
                -o {{ShellText.Word(job.Study)}}{{(job.Overwrite ? " --overwrite" : "")}} --log-json --threads "${SLURM_CPUS_PER_TASK:-1}"

            """;
    }

    private static IEnumerable<string> Directives(SlurmJob job, string step) =>
    [
        $"--job-name={job.Name(step)}", "--nodes=1", "--ntasks=1", "--open-mode=append",
    ];

    private static string Lines(IEnumerable<string> directives) => string.Join('\n', directives.Select(directive => $"#SBATCH {directive}"));

    // In a name of a log % stands for something; %% is one.
    private static string LogPattern(string folder, string file) => ShellText.DirectiveValue($"{folder.Replace("%", "%%", StringComparison.Ordinal)}/{file}");

    // Threads and memory as Slurm grants them, unless they were given.
    private static string Machine(SlurmJob job)
    {
        bool Given(string name) => job.MiningOptions.Any(option => option.StartsWith(name + "=", StringComparison.Ordinal));
        string threads = Given("--threads") ? "machine=()" : """machine=(--threads "${SLURM_CPUS_PER_TASK:-${SLURM_CPUS_ON_NODE:-1}}")""";
        string memory = Given("--memory") ? "" : $$"""
            if [ "${SLURM_MEM_PER_NODE:-0}" -gt 0 ]; then
                machine+=(--memory "$((SLURM_MEM_PER_NODE * {{MemoryPercent}} / 100))MiB")   # Slurm counts in MiB
            fi

            """;
        return $"{threads}\n{memory}";
    }

    private static string Options(SlurmJob job) => job.MiningOptions.Count == 0 ? "" : $" \\\n    {ShellText.Words(job.MiningOptions)}";
}
