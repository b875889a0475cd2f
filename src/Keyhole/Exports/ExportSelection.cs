using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Which memories an export writes. What is left out is left out of every line and row that belongs to one memory; nothing else changes.</summary>
public sealed class ExportSelection
{
    /// <summary>Every memory of the study.</summary>
    public static ExportSelection All { get; } = new();

    /// <summary>Only these memories, or null.</summary>
    public IReadOnlySet<NeuronId>? Neurons { get; init; }

    /// <summary>Only memories of these layers, or null.</summary>
    public IReadOnlyCollection<int>? Layers { get; init; }

    /// <summary>Whether a memory is written.</summary>
    /// <param name="id">The memory.</param>
    public bool Contains(NeuronId id) => Neurons?.Contains(id) != false && Layers?.Contains(id.Layer) != false;

    /// <summary>Refuses names that the study does not have.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="InputRefusedException">KH5133: a memory or layer is not in the study, or none is left.</exception>
    public void Require(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        foreach (int layer in Layers ?? [])
        {
            if ((uint)layer >= (uint)study.Shape.Layers)
            {
                throw new InputRefusedException("KH5133", $"--layers: layer {layer} is not in the study, whose model has layers 0 to {study.Shape.Layers - 1}.");
            }
        }

        foreach (NeuronId id in (Neurons ?? (IEnumerable<NeuronId>)[]).Order())
        {
            if (study.Memory(id) is null)
            {
                throw new InputRefusedException("KH5133", $"--neurons: the study has no memory {id}; layers and memories count from 0, and only those that were mined are in it.");
            }
        }

        if (Neurons is not null && !Neurons.Any(Contains))
        {
            throw new InputRefusedException("KH5133", "--neurons names no memory of the layers of --layers, so nothing is left to export.");
        }
    }

    /// <summary>The memories of a study that are written, in order.</summary>
    internal IEnumerable<MemoryRecord> Of(Study study) => Neurons is null
        ? study.Memories().Where(memory => Contains(memory.Id))
        : Neurons.Where(Contains).Order().Select(study.Memory).OfType<MemoryRecord>();
}
