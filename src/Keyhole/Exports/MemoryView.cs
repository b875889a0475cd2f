using System.Globalization;
using System.Text;
using Keyhole.Annotations;
using Keyhole.Memories;
using Keyhole.Mining.Nulls;
using Keyhole.Patterns;
using Keyhole.ReadWrite;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>A memory as a terminal shows it, free of markup: trigger lines, statistics and a small histogram.</summary>
public sealed class MemoryView
{
    private MemoryView(NeuronId id, IReadOnlyList<PoleView> poles, IReadOnlyList<(string Name, string Value)> statistics, HistogramView histogram, ValueView? value, IReadOnlyList<string> labels, IReadOnlyList<TriggerLine> random, IReadOnlyList<(string Name, IReadOnlyList<TriggerLine> Lines)> cases)
    {
        Id = id;
        Poles = poles;
        Statistics = statistics;
        Histogram = histogram;
        Value = value;
        Labels = labels;
        Random = random;
        Cases = cases;
    }

    /// <summary>The memory's name.</summary>
    public NeuronId Id { get; }

    /// <summary>Its poles: positive and, where gated, negative.</summary>
    public IReadOnlyList<PoleView> Poles { get; }

    /// <summary>Its statistics by name, rounded for reading.</summary>
    public IReadOnlyList<(string Name, string Value)> Statistics { get; }

    /// <summary>Its histogram in about 40 columns.</summary>
    public HistogramView Histogram { get; }

    /// <summary>Its value; null where the study has none.</summary>
    public ValueView? Value { get; }

    /// <summary>Its labels, a line each; empty where it has none.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The memory at random positions; none where the study keeps none.</summary>
    public IReadOnlyList<TriggerLine> Random { get; }

    /// <summary>The triggers of each sign case; none where the study keeps none.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<TriggerLine> Lines)> Cases { get; }

    /// <summary>Prepares a memory for showing.</summary>
    /// <param name="study">The study.</param>
    /// <param name="memory">A memory of it.</param>
    /// <param name="contextTokens">How many tokens of a prefix are shown, the last one included.</param>
    /// <param name="maxTriggers">How many triggers of a pole are shown.</param>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    public static MemoryView Create(Study study, MemoryRecord memory, int contextTokens = 16, int maxTriggers = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfLessThan(contextTokens, 1);
        ValueRecord? value = ValueTable.Read(study, memory.Id);
        MemorySample? sample = SampleTable.Read(study, memory.Id);
        IReadOnlyList<MemoryPatterns>? patterns = StudyPatterns.Of(study, memory.Id);
        List<PoleView> poles = [];
        foreach (Pole pole in MemoryJson.Poles(study.Shape))
        {
            poles.Add(new PoleView(pole, Lines(memory.Triggers(pole).Take(maxTriggers)), memory.Triggers(pole).Length)
            {
                Value = value is null ? null : ValueView.Beside(study, value, pole),
                TopShare = sample is null || double.IsNaN(memory.TopShare(pole)) ? null : Percent(memory.TopShare(pole)),
                Quantiles = Lines(sample?.MiddlesOf(pole).Select(middle => middle.Example) ?? []),
                Patterns = patterns?.FirstOrDefault(list => list.Pole == pole) is { } list ? [.. list.Patterns.Select(pattern => PatternLine.Of(list, pattern))] : [],
            });
        }

        return new MemoryView(memory.Id, poles, [.. NullOf(study), .. StatisticsOf(memory.Statistics), .. ReadWriteOf(study, memory.Id)], HistogramView.Fold(memory.Statistics), value is null ? null : ValueView.Create(study, value), [.. LabelTable.Read(study, memory.Id).Select(Line)],
            Lines(sample is null ? [] : SampleTable.AtRandom(study, sample)),
            [.. SignCaseTable.Read(study, memory.Id)?.Select(one => (one.Name, Lines(one.Triggers.Take(maxTriggers)))) ?? []]);

        IReadOnlyList<TriggerLine> Lines(IEnumerable<Trigger> triggers) => [.. triggers.Select(trigger => Line(study, memory.Id, trigger, contextTokens))];
    }

    /// <summary>The view as plain text, lines ended by '\n'; the last token of a prefix stands in brackets.</summary>
    /// <param name="ascii">Draw with ASCII characters only (texts keep theirs).</param>
    public string Render(bool ascii = false)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{Id}\n");
        int width = Statistics.Max(entry => entry.Name.Length);
        foreach ((string name, string value) in Statistics)
        {
            text.Append("  ").Append(name.PadRight(width)).Append("  ").Append(value).Append('\n');
        }

        if (Histogram.Columns.Count > 0)
        {
            text.Append("  ").Append("histogram".PadRight(width)).Append("  ")
                .Append(CultureInfo.InvariantCulture, $"{Digits(Histogram.Lower)} {Histogram.Draw(ascii)} {Digits(Histogram.Upper)}\n");
        }

        if (Value is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"value ({Value.Readout}): max probability {Value.MaxProbability}, norm {Value.Norm}\n")
                .Append("  promotes  ").AppendJoin(", ", Value.Promotes).Append("\n  demotes   ").AppendJoin(", ", Value.Demotes).Append('\n');
        }

        if (Labels.Count > 0)
        {
            text.Append("labels\n");
            foreach (string label in Labels)
            {
                text.Append("  ").Append(label).Append('\n');
            }
        }

        foreach (PoleView pole in Poles)
        {
            string shown = pole.Lines.Count == pole.Total
                ? Grouped(pole.Total)
                : $"{Grouped(pole.Lines.Count)} of {Grouped(pole.Total)}";
            text.Append(CultureInfo.InvariantCulture, $"{MemoryJson.Name(pole.Pole)} pole: {(pole.Total == 0 ? "never fires" : shown + (pole.Total == 1 ? " trigger" : " triggers"))}\n");
            if (pole.Value is not null)
            {
                text.Append("  ").Append(pole.Value).Append('\n');
            }

            foreach (string pattern in pole.Patterns)
            {
                text.Append("  pattern: ").Append(pattern).Append('\n');
            }

            AppendLines(text, pole.Lines, ascii);
            if (pole.TopShare is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"  the {Grouped(pole.Total)} of the list are {pole.TopShare} of the pole's activation\n");
            }

            if (pole.Quantiles.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{MemoryJson.Name(pole.Pole)} pole, an example of each tenth of its activation, the weakest first\n");
                AppendLines(text, pole.Quantiles, ascii);
            }
        }

        foreach ((string name, IReadOnlyList<TriggerLine> lines) in Cases)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}: {(lines.Count == 0 ? "nowhere" : "the largest |m|")}\n");
            AppendLines(text, lines, ascii);
        }

        if (Random.Count > 0)
        {
            text.Append("random positions\n");
            AppendLines(text, Random, ascii);
        }

        return text.ToString();
    }

    private static IEnumerable<(string Name, string Value)> ReadWriteOf(Study study, NeuronId id) => ReadWriteTable.Read(study, id) is { } record ? [("read-write", Line(record))] : [];

    private static string Line(ReadWriteRecord record)
        => $"{ReadWriteNames.Of(record)}: cos(in, out) {Digits(record.InOut)}{(record is { GateOut: { } gateOut, GateIn: { } gateIn } ? $", cos(gate, out) {Digits(gateOut)}, cos(gate, in) {Digits(gateIn)}" : string.Empty)}";

    private static void AppendLines(StringBuilder text, IReadOnlyList<TriggerLine> lines, bool ascii)
    {
        int digits = lines.Count == 0 ? 0 : lines.Max(line => line.Coefficient.Length);
        foreach (TriggerLine line in lines)
        {
            text.Append("  ").Append(line.Coefficient.PadLeft(digits)).Append("  ")
                .Append(line.IsCut ? (ascii ? "..." : "…") : string.Empty).Append(line.Before).Append('[').Append(line.Last).Append(']')
                .Append(line.Target is null ? string.Empty : (ascii ? " -> " : " → ") + line.Target)
                .Append(line.Gate is null ? string.Empty : $"  gate {line.Gate}")
                .Append(line.RouterWeight is null ? string.Empty : $"  router {line.RouterWeight}")
                .Append(CultureInfo.InvariantCulture, $"  ({line.Unit}:{line.Position})\n");
        }
    }

    private static string Line(Label label)
    {
        string given = label.Covered is var (covered, prefixes)
            ? string.Create(CultureInfo.InvariantCulture, $"{MemoryJson.Name(label.Pole ?? Pole.Positive)} pole, {covered} of {prefixes} prefixes")
            : "free label";
        return $"{VisibleText.Of(label.Text)} ({LabelJson.Name(label.Kind)}; {VisibleText.Of(label.Annotator)}, {given})";
    }

    private static TriggerLine Line(Study study, NeuronId id, Trigger trigger, int contextTokens)
    {
        StudyUnit unit = study.UnitOf(id, trigger);
        int first = Math.Max(0, trigger.Position - contextTokens + 1);
        int from = first == 0 ? 0 : TriggerText.Utf16Index(unit.Text, TriggerText.EndOf(unit, first - 1));
        string prefix = TriggerText.Prefix(unit, trigger.Position);
        int lastAt = trigger.Position == 0 ? 0 : TriggerText.Utf16Index(unit.Text, TriggerText.EndOf(unit, trigger.Position - 1));
        if (!string.IsNullOrWhiteSpace(prefix[lastAt..]))
        {
            lastAt = prefix.Length - prefix.AsSpan(lastAt).TrimStart(' ').Length;   // the space before a word is no part of the mark
        }

        // A token that adds no text (BOS, the later bytes of one character) is shown by what it covers or decodes to.
        string last = prefix[lastAt..];
        if (last.Length == 0)
        {
            last = TriggerText.Token(unit, trigger.Position) is { Length: > 0 } own ? own : study.TokenPiece(unit.Tokens[trigger.Position]) ?? string.Empty;
        }

        string? target = TriggerText.Target(unit, trigger, study.TokenPiece);
        return new TriggerLine(
            Digits(trigger.Coefficient),
            float.IsNaN(trigger.Gate) ? null : Digits(trigger.Gate),
            VisibleText.Of(prefix[Math.Min(from, lastAt)..lastAt]),
            IsCut: from > 0,
            VisibleText.Of(last),
            target is null ? null : VisibleText.Of(target),
            trigger.Unit,
            trigger.Position,
            id.Expert < 0 ? null : Digits(trigger.RouterWeight));
    }

    // What a memory of a null's study is, as the first line.
    private static IEnumerable<(string Name, string Value)> NullOf(Study study)
    {
        if (NullStudy.KindOf(study) is { } kind)
        {
            string seed = study.Provenance.Options.GetValueOrDefault(NullStudy.SeedOption, "-");
            yield return ("null", $"random {NullStudy.NameOf(kind)}, seed {seed}{(study.Provenance.Run.Options.TryGetValue(StudyRun.NullOf, out string? of) ? $", mined with {Path.GetFileName(of)}" : string.Empty)}");
        }
    }

    private static List<(string Name, string Value)> StatisticsOf(NeuronStatistics statistics)
    {
        List<(string, string)> entries =
        [
            ("positions", Grouped(statistics.Count)),
            ("mean", Digits(statistics.Mean)),
            ("variance", Digits(statistics.Variance)),
            ("skewness", Digits(statistics.Skewness)),
            ("excess kurtosis", Digits(statistics.ExcessKurtosis)),
            ("min", Digits(statistics.Min)),
            ("max", Digits(statistics.Max)),
            ("share positive", Percent(statistics.SharePositive)),
        ];
        if (statistics.SignCases is { } cases)
        {
            entries.AddRange(cases.Named().Select(named => (named.Name, Percent((double)named.Count / statistics.Count))));
        }

        return entries;
    }

    private static string Digits(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);

    private static string Percent(double share) => double.IsNaN(share) ? "-" : (100 * share).ToString("G4", CultureInfo.InvariantCulture) + "%";

    private static string Grouped(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
