using Xunit;

namespace Keyhole.Cli.Tests.Slurm;

/// <summary>The tests that share one Slurm, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class OneSlurm : ICollectionFixture<SlurmCluster>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "Slurm";
}
