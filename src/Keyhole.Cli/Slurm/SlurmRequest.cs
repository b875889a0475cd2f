namespace Keyhole.Cli.Slurm;

/// <summary>What is asked of Slurm for each job; null where its own default is to hold.</summary>
internal sealed record SlurmRequest
{
    /// <summary>The partition.</summary>
    public string? Partition { get; init; }

    /// <summary>The account that is charged.</summary>
    public string? Account { get; init; }

    /// <summary>The quality of service.</summary>
    public string? Qos { get; init; }

    /// <summary>Features that nodes must have.</summary>
    public string? Constraint { get; init; }

    /// <summary>The time limit, in Slurm's notation.</summary>
    public string? Time { get; init; }

    /// <summary>Processors of a shard.</summary>
    public int? Cpus { get; init; }

    /// <summary>Memory of a job, in Slurm's notation.</summary>
    public string? Memory { get; init; }

    /// <summary>Any other options of <c>sbatch</c>, each one word.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>Options of <c>sbatch</c> for the array, as <c>--name</c> and value.</summary>
    public IEnumerable<string> ForArray() => Cpus is { } cpus ? [.. ForMerge(), Directive("cpus-per-task", cpus.ToString(System.Globalization.CultureInfo.InvariantCulture))] : ForMerge();

    /// <summary>The same for the merge, which runs on one processor.</summary>
    public IEnumerable<string> ForMerge()
    {
        (string Name, string? Value)[] named = [("partition", Partition), ("account", Account), ("qos", Qos), ("constraint", Constraint), ("time", Time), ("mem", Memory)];
        foreach ((string name, string? value) in named)
        {
            if (value is not null)
            {
                yield return Directive(name, value);
            }
        }

        foreach (string other in Others)
        {
            int equals = other.IndexOf('=', StringComparison.Ordinal);
            yield return equals < 0 ? other : Directive(other[2..equals], other[(equals + 1)..]);
        }
    }

    private static string Directive(string name, string value) => $"--{name}={ShellText.DirectiveValue(value)}";
}
