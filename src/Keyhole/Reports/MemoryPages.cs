using System.Collections.Immutable;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Reports;

/// <summary>Makes pages of single memories.</summary>
/// <param name="study">The study.</param>
/// <param name="values">Its values; empty where they were not analysed.</param>
internal sealed class MemoryPages(Study study, IReadOnlyDictionary<NeuronId, ValueRecord> values)
{
    /// <summary>A memory on the pole whose best trigger is the stronger.</summary>
    /// <param name="id">A memory of the study.</param>
    public MemoryPage Of(NeuronId id) => Of(id, Stronger(Record(id)));

    /// <summary>A memory on one of its poles.</summary>
    /// <param name="id">A memory of the study.</param>
    /// <param name="pole">The pole.</param>
    public MemoryPage Of(NeuronId id, Pole pole)
    {
        MemoryRecord memory = Record(id);
        return new MemoryPage
        {
            View = MemoryView.Create(study, memory),
            Pole = pole,
            Value = values.TryGetValue(id, out ValueRecord? value) ? Card(value, pole) : null,
            Pattern = PatternOf(memory, pole),
        };
    }

    /// <summary>A memory on each of its poles.</summary>
    /// <param name="id">A memory of the study.</param>
    public IEnumerable<MemoryPage> Poles(NeuronId id) => study.Shape.Gated ? [Of(id, Pole.Positive), Of(id, Pole.Negative)] : [Of(id, Pole.Positive)];

    /// <summary>What at least three triggers of the stronger pole share at their end.</summary>
    /// <param name="id">A memory of the study.</param>
    public ShallowPattern? Pattern(NeuronId id)
    {
        MemoryRecord memory = Record(id);
        return PatternOf(memory, Stronger(memory));
    }

    private MemoryRecord Record(NeuronId id) => study.Memory(id) ?? throw new ArgumentException($"The study has no memory {id}.", nameof(id));

    private static Pole Stronger(MemoryRecord memory)
        => memory.Negative.Length > 0 && (memory.Positive.Length == 0 || -memory.Negative[0].Coefficient > memory.Positive[0].Coefficient) ? Pole.Negative : Pole.Positive;

    // The bigram is the better pattern where as many triggers share it as share the token.
    private ShallowPattern? PatternOf(MemoryRecord memory, Pole pole)
    {
        ImmutableArray<Trigger> triggers = memory.Triggers(pole);
        (int Before, int Last)[] ends = [.. triggers.Select(trigger =>
        {
            StudyUnit unit = study.UnitOf(memory.Id, trigger);
            return (trigger.Position > 0 ? unit.Tokens[trigger.Position - 1] : -1, unit.Tokens[trigger.Position]);
        })];
        if (ends.Length < ShallowPattern.Least)
        {
            return null;
        }

        KeyValuePair<int, int> token = ends.CountBy(end => end.Last).MaxBy(count => count.Value);
        KeyValuePair<(int Before, int Last), int> bigram = ends.Where(end => end.Before >= 0).CountBy(end => end).DefaultIfEmpty().MaxBy(count => count.Value);
        bool isBigram = bigram.Value == token.Value;
        return token.Value < ShallowPattern.Least ? null : isBigram
            ? new ShallowPattern(Text(bigram.Key.Before) + Text(bigram.Key.Last), IsBigram: true, bigram.Value, ends.Length)
            : new ShallowPattern(Text(token.Key), IsBigram: false, token.Value, ends.Length);
    }

    private ValueCard Card(ValueRecord value, Pole pole)
    {
        ValuePole reading = value.Of(pole) ?? ValuePole.None;
        return new ValueCard
        {
            Top = [.. value.Top.Select(token => (Text(token.Token), (double)token.Logit))],
            Bottom = [.. value.Bottom.Select(token => (Text(token.Token), (double)token.Logit))],
            MaxProbability = value.MaxProbability,
            Norm = value.Norm,
            TargetRank = reading.TargetRank,
            Agrees = reading.Agrees,
            Precision = new Share(reading.PrecisionHits, reading.PrecisionTriggers),
        };
    }

    private string Text(int token) => study.TokenPiece(token) is { Length: > 0 } text ? text : FormattableString.Invariant($"#{token}");
}
