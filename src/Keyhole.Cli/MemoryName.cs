using Keyhole.Memories;

namespace Keyhole.Cli;

/// <summary>Memories by name.</summary>
internal static class MemoryName
{
    /// <summary>Reads the memory that a command line names, in any spelling.</summary>
    /// <exception cref="UsageException">The text names no memory.</exception>
    public static NeuronId Parse(string name)
        => NeuronId.TryParse(name, out NeuronId id) ? id : throw new UsageException($"'{name}' names no memory: write layer and index, both from 0, as L3N128, of an expert as L3E2N77.");
}
