using Keyhole.Composition;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Patterns;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Web.Memories;

/// <summary>Makes answers of what a study keeps of a memory.</summary>
internal static class MemoryAnswers
{
    /// <summary>All of a memory.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static MemoryAnswer Of(Study study, MemoryRecord memory)
    {
        ValueRecord? value = ValueTable.Read(study, memory.Id);
        (NeuronId? previous, NeuronId? next) = StudyMemories.Around(study, memory.Id);
        MiningRules rules = RecordedRules.Of(study.Provenance);
        MemorySample? sample = SampleTable.Read(study, memory.Id);
        IReadOnlyList<MemoryPatterns>? patterns = StudyPatterns.Of(study, memory.Id);
        return new MemoryAnswer
        {
            Id = memory.Id.ToString(),
            Layer = memory.Id.Layer,
            Expert = memory.Id.Expert < 0 ? null : memory.Id.Expert,
            Index = memory.Id.Index,
            Width = study.Shape.Widths[memory.Id.Layer],
            Previous = previous?.ToString(),
            Next = next?.ToString(),
            RankBy = rules.RankBy.ToString().ToLowerInvariant(),
            Poles = [.. MemoryJson.Poles(study.Shape).ToArray().Select(pole => Pole(study, memory, value, pole, rules, sample, patterns?.FirstOrDefault(list => list.Pole == pole)))],
            Random = sample is null ? null : [.. SampleTable.AtRandom(study, sample).Select((trigger, place) => Trigger(study, memory.Id, trigger, place))],
            SignCases = SignCaseTable.Read(study, memory.Id)?
                .Select(one => new CaseTriggersAnswer(one.Name, one.Triggers.Length, [.. one.Triggers.Take(MemoryLimits.CaseTriggers).Select((trigger, place) => Trigger(study, memory.Id, trigger, place))])).ToArray(),
            Statistics = Statistics(memory.Statistics),
            Histogram = Histogram(study.Shape, memory.Statistics),
            Value = value is null ? null : Value(study, value),
        };
    }

    /// <summary>Some triggers of a pole.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static TriggersAnswer Triggers(Study study, MemoryRecord memory, Pole pole, int offset, int count)
        => new(MemoryJson.Name(pole), offset, memory.Triggers(pole).Length, Some(study, memory, pole, offset, count));

    /// <summary>Triggers [offset, offset + count) of a pole, as far as there are any.</summary>
    public static IReadOnlyList<TriggerAnswer> Some(Study study, MemoryRecord memory, Pole pole, int offset, int count)
        => [.. memory.Triggers(pole).Skip(offset).Take(count).Select((trigger, place) => Trigger(study, memory.Id, trigger, offset + place))];

    /// <summary>The coefficient below which no text is in a pole's list; null where every text on which the memory fires is in it.</summary>
    public static float? Threshold(MemoryRecord memory, Pole pole, MiningRules rules)
        => memory.Triggers(pole).Length < rules.Top ? null : memory.Triggers(pole)[^1].Coefficient;

    private static PoleAnswer Pole(Study study, MemoryRecord memory, ValueRecord? value, Pole pole, MiningRules rules, MemorySample? sample, MemoryPatterns? patterns)
        => new(MemoryJson.Name(pole), memory.Triggers(pole).Length, Threshold(memory, pole, rules), Some(study, memory, pole, 0, MemoryLimits.FirstTriggers),
            value?.Of(pole) is { } reading ? Agreement(study, reading) : null)
        {
            TopShare = sample is not null && double.IsFinite(memory.TopShare(pole)) ? memory.TopShare(pole) : null,
            Quantiles = sample is null ? null : [.. sample.MiddlesOf(pole).Select(middle => Trigger(study, memory.Id, middle.Example, middle.Band))],
            Patterns = patterns is null ? null : Patterns(patterns),
        };

    private static IReadOnlyList<PatternAnswer> Patterns(MemoryPatterns list) => [.. list.Patterns.Select(pattern => new PatternAnswer(
        pattern.Text, PatternClasses.NameOf(pattern.Class), LabelJson.Name(pattern.Kind), pattern.Ranks.Length, list.Prefixes, pattern.Lift, pattern.Q))];

    private static TriggerAnswer Trigger(Study study, NeuronId id, in Trigger trigger, int rank)
    {
        StudyUnit unit = study.UnitOf(id, trigger);
        return new TriggerAnswer
        {
            Rank = rank,
            Position = trigger.Position,
            Coefficient = trigger.Coefficient,
            Gate = float.IsNaN(trigger.Gate) ? null : trigger.Gate,
            Signs = study.Shape.Gated ? Signs(trigger) : null,
            RouterWeight = id.Expert < 0 ? null : trigger.RouterWeight,
            Target = trigger.HasTarget ? trigger.Target : null,
            TargetText = TriggerText.Target(unit, trigger, study.TokenPiece),
            Text = ShownText.Around(study, unit, trigger.Position),
        };
    }

    // m = f(g) u, and f keeps the sign of g: so u has the sign of m g.
    private static string? Signs(in Trigger trigger)
        => float.IsNaN(trigger.Gate) ? null : (trigger.Gate > 0 ? "gate+" : "gate-") + (trigger.Coefficient > 0 == trigger.Gate > 0 ? "in+" : "in-");

    private static AgreementAnswer Agreement(Study study, ValuePole reading) => new()
    {
        Target = reading.Target < 0 ? null : study.TokenPiece(reading.Target),
        Agrees = reading.Agrees,
        AgreesWithCurrent = reading.AgreesWithCurrent,
        AgreesWithModel = reading.AgreesWithModel,
        ModelTop = reading.ModelTop < 0 ? null : study.TokenPiece(reading.ModelTop),
        TargetRank = reading.TargetRank,
        TargetProbability = reading.TargetProbability,
        CurrentRank = reading.CurrentRank,
        PrecisionTriggers = reading.PrecisionTriggers,
        PrecisionHits = reading.PrecisionHits,
    };

    private static StatisticsAnswer Statistics(NeuronStatistics statistics) => new(
        statistics.Count, statistics.Mean, statistics.Variance, statistics.Skewness, statistics.ExcessKurtosis, statistics.Min, statistics.Max, statistics.SharePositive,
        statistics.SignCases is { } cases ? [.. cases.Named().Select(named => new SignCaseAnswer(named.Name, named.Count, (double)named.Count / statistics.Count))] : null);

    private static HistogramAnswer Histogram(ModelShape shape, NeuronStatistics statistics)
    {
        bool aboveZero = TracedLayer.IsActiveAboveZero(shape);
        return new HistogramAnswer(
            statistics.Histogram.Sum(count => (long)count),
            aboveZero ? 0 : TracedLayer.ActiveFraction * statistics.LargestSize,
            aboveZero ? "zero" : "fraction 0.01 of max",
            [.. Enumerable.Range(0, ActivationHistogram.Bins).Where(bin => statistics.Histogram[bin] > 0)
                .Select(bin => new BinAnswer(bin, ActivationHistogram.Edges[bin], ActivationHistogram.Edges[bin + 1], statistics.Histogram[bin]))]);
    }

    private static ValueAnswer Value(Study study, ValueRecord value) => new(
        ValueJson.ReadoutOf(study), value.Norm, value.MaxProbability,
        [.. value.Top.Select(token => Token(study, value, token))], [.. value.Bottom.Select(token => Token(study, value, token))]);

    private static TokenAnswer Token(Study study, ValueRecord value, TokenLogit token)
        => new(token.Token, study.TokenPiece(token.Token), token.Logit, Math.Exp(token.Logit - value.LogSumExp));
}
