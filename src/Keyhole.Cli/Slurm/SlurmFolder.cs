using System.Globalization;

namespace Keyhole.Cli.Slurm;

/// <summary>Where the files of a job array lie: the folder <c>STUDY.slurm</c> beside the study.</summary>
/// <param name="Path">The folder, absolute.</param>
internal sealed record SlurmFolder(string Path)
{
    private const string Suffix = ".slurm";

    /// <summary>What was asked for and what was submitted (<see cref="SlurmJob"/>).</summary>
    public string JobFile => System.IO.Path.Combine(Path, "job.json");

    /// <summary>The script of the job array.</summary>
    public string MineScript => System.IO.Path.Combine(Path, "mine.sbatch");

    /// <summary>The script of the job that merges.</summary>
    public string MergeScript => System.IO.Path.Combine(Path, "merge.sbatch");

    /// <summary>The folder of logs.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>The folder of the shards' studies.</summary>
    public string Shards => System.IO.Path.Combine(Path, "shards");

    /// <summary>The log of the merge.</summary>
    public string MergeLog => System.IO.Path.Combine(Logs, "merge.log");

    /// <summary>The folder that belongs to a study.</summary>
    public static SlurmFolder Of(string study) => new(System.IO.Path.GetFullPath(study) + Suffix);

    /// <summary>The folder that a user means who names it or its study.</summary>
    public static SlurmFolder Named(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        return full.EndsWith(Suffix, StringComparison.Ordinal) ? new(full) : Of(full);
    }

    /// <summary>Whether no job has begun yet.</summary>
    public bool IsUnused => IsEmpty(Logs) && IsEmpty(Shards);

    /// <summary>The study of a shard, there when it is finished.</summary>
    public string Shard(int shard) => System.IO.Path.Combine(Shards, Name(shard) + ".study");

    /// <summary>The log of a shard, over all its starts.</summary>
    public string Log(int shard) => System.IO.Path.Combine(Logs, Name(shard) + ".log");

    private static bool IsEmpty(string folder) => !Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any();

    private static string Name(int shard) => shard.ToString("D3", CultureInfo.InvariantCulture);
}
