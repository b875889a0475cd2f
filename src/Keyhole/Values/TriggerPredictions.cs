using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Values;

/// <summary>Adds to values what the model itself predicts after each memory's top trigger (method, section 2): its top token, and its probability of the target.</summary>
public static class TriggerPredictions
{
    /// <summary>The values with the model's predictions. Distinct prefixes are run once, those of one unit in one pass.</summary>
    /// <param name="study">The study.</param>
    /// <param name="model">Its model.</param>
    /// <param name="values">Values of its memories.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    public static IReadOnlyList<ValueRecord> Add(Study study, Model model, IReadOnlyList<ValueRecord> values, int threads, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(values);
        Dictionary<NeuronId, MemoryTriggers> memories = MemoryTriggers.ReadAll(study, cancellation).ToDictionary(memory => memory.Id);
        IEnumerable<(int, int)> prefixes = memories.Values.SelectMany(memory => memory.Firsts).Select(trigger => (trigger.Unit, trigger.Position));
        using var reader = new VocabularyReader(model, threads);
        IReadOnlyDictionary<(int, int), ModelReading> readings = ModelReadings.Read(study, model, reader, prefixes, threads, progress, cancellation);
        return [.. values.Select(value =>
        {
            MemoryTriggers memory = memories[value.Id];
            return value with
            {
                Positive = With(value.Positive, memory.Positive, value.Argmax, readings),
                Negative = memory.Negative is { } negative && value.Negative is { } pole ? With(pole, negative, value.Argmin, readings) : value.Negative,
            };
        })];
    }

    private static ValuePole With(ValuePole pole, PoleTriggers triggers, int top, IReadOnlyDictionary<(int, int), ModelReading> readings)
    {
        if (triggers.First is not { } first)
        {
            return pole;
        }

        ModelReading reading = readings[(first.Unit, first.Position)];
        return pole with { ModelTop = reading.Top, ModelTargetProbability = reading.TargetProbability, AgreesWithModel = first.HasTarget ? top == reading.Top : null };
    }
}
