using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Values;

/// <summary>A memory with what of its triggers is held against its value.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Positive">Its positive pole.</param>
/// <param name="Negative">Its negative pole; null where the model is not gated.</param>
public sealed record MemoryTriggers(NeuronId Id, PoleTriggers Positive, PoleTriggers? Negative)
{
    /// <summary>The top-1 triggers of its poles.</summary>
    public IEnumerable<Trigger> Firsts => new[] { Positive.First, Negative?.First }.OfType<Trigger>();

    /// <summary>All memories of a study, in its order.</summary>
    /// <param name="study">The study.</param>
    /// <param name="cancellation">Stops between memories.</param>
    internal static IReadOnlyList<MemoryTriggers> ReadAll(Study study, CancellationToken cancellation)
    {
        bool gated = study.Shape.Gated;
        var memories = new List<MemoryTriggers>();
        foreach (MemoryRecord memory in study.Memories())
        {
            cancellation.ThrowIfCancellationRequested();
            memories.Add(new MemoryTriggers(memory.Id, PoleTriggers.Of(memory.Positive), gated ? PoleTriggers.Of(memory.Negative) : null));
        }

        IReadOnlyDictionary<(int, int), int> tokens = CurrentTokens.Read(study, memories.SelectMany(memory => memory.Firsts.Select(trigger => (memory.Id, trigger))));
        return [.. memories.Select(memory => memory with { Positive = memory.Positive.WithCurrent(tokens), Negative = memory.Negative?.WithCurrent(tokens) })];
    }
}
