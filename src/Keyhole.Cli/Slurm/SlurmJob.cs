using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Mining;

namespace Keyhole.Cli.Slurm;

/// <summary>A study to be mined by a job array: what <c>job.json</c> holds.</summary>
internal sealed record SlurmJob
{
    /// <summary>The step that mines the shards.</summary>
    public const string Mine = "mine";

    /// <summary>The step that merges them.</summary>
    public const string Merge = "merge";

    private const int Version = 1;
    private const long LargestFile = 16L << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Version of the file.</summary>
    public int SchemaVersion { get; init; } = Version;

    /// <summary>How the command is called on the nodes: a beginning of a shell command, quoted where that is needed.</summary>
    public required string Keyhole { get; init; }

    /// <summary>The model: absolute, or a name in a Hugging Face cache.</summary>
    public required string Model { get; init; }

    /// <summary>The corpus' paths, absolute.</summary>
    public required IReadOnlyList<string> Corpus { get; init; }

    /// <summary>The study that the merge writes, absolute.</summary>
    public required string Study { get; init; }

    /// <summary>Whether a study there is replaced.</summary>
    public required bool Overwrite { get; init; }

    /// <summary>How many shards the corpus is dealt out to.</summary>
    public required int Shards { get; init; }

    /// <summary>Most shards that run at a time; null for as many as Slurm will.</summary>
    public required int? MaxRunning { get; init; }

    /// <summary>Seconds before the time limit at which Slurm tells the job, which then writes its checkpoint.</summary>
    public required int WarnSeconds { get; init; }

    /// <summary>Options of <c>mine</c>, each one word.</summary>
    public required IReadOnlyList<string> MiningOptions { get; init; }

    /// <summary>What is asked of Slurm for each shard and for the merge.</summary>
    public required SlurmRequest Request { get; init; }

    /// <summary>What was submitted, oldest first.</summary>
    public IReadOnlyList<Submission> Submissions { get; init; } = [];

    /// <summary>Reads a job.</summary>
    /// <exception cref="InputRefusedException">KH6010: there is none, or it cannot be used.</exception>
    public static SlurmJob Read(SlurmFolder folder)
    {
        string path = folder.JobFile;
        if (!File.Exists(path))
        {
            throw new InputRefusedException("KH6010", $"{path}: no such file. 'keyhole slurm status' takes the folder that 'keyhole slurm' wrote, or the study it is for.");
        }

        SlurmJob job;
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > LargestFile)
            {
                throw new InputRefusedException("KH6010", $"{path}: {file.Length} bytes; a job has at most {LargestFile}.");
            }

            job = JsonSerializer.Deserialize<SlurmJob>(file, Json) ?? throw new JsonException("null stands in place of the job");
        }
        catch (JsonException failure)
        {
            throw new InputRefusedException("KH6010", $"{path}: not the job that 'keyhole slurm' wrote ({failure.Message.TrimEnd('.')}).", failure);
        }

        string? fault = job switch
        {
            { SchemaVersion: not Version } => $"schemaVersion is {job.SchemaVersion}, expected {Version}",
            { Shards: < 1 or > CorpusShard.MostShards } => $"shards is {job.Shards}, expected 1 to {CorpusShard.MostShards}",
            _ when job.Submissions.Any(submission => submission.Shards.Any(shard => shard < 0 || shard >= job.Shards)) => "a submission names a shard that there is not",
            _ when SlurmFolder.Of(job.Study) != folder => $"study is '{job.Study}', whose folder is another one: do not move the folder",
            _ => null,
        };
        return fault is null ? job : throw new InputRefusedException("KH6010", $"{path}: {fault}.");
    }

    /// <summary>The name by which Slurm knows a step: nobody else's, whoever submitted it.</summary>
    /// <param name="step"><see cref="Mine"/> or <see cref="Merge"/>.</param>
    public string Name(string step)
    {
        string name = string.Concat(Path.GetFileNameWithoutExtension(Study).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' ? c : '_'));
        return $"keyhole-{step}-{name}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Study)).AsSpan(0, 4))}";
    }

    /// <summary>Writes the job, aside first, so that no reader sees half of it.</summary>
    public void Write(SlurmFolder folder)
    {
        string aside = folder.JobFile + ".new";
        File.WriteAllText(aside, JsonSerializer.Serialize(this, Json) + "\n");
        File.Move(aside, folder.JobFile, overwrite: true);
    }
}
