using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Compat;
using Keyhole.Composition;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Prompts;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>The sections of a study's analysis; null where it does not have them.</summary>
internal sealed class AnalysisSet
{
    /// <summary>Names of the sections, in the order in which they are written.</summary>
    public static ImmutableArray<string> Sections { get; } = [AnalysisSections.Values, AnalysisSections.Prefixes, AnalysisSections.Prompts, AnalysisSections.Mutations, AnalysisSections.Reach, AnalysisSections.Compat];

    private CompositionSummary? _composed;

    /// <summary>Values by memory.</summary>
    public IReadOnlyDictionary<NeuronId, ValueRecord>? Values { get; private init; }

    /// <summary>Prefixes of the paper's section 5.</summary>
    public IReadOnlyList<PrefixTrace>? Prefixes { get; private init; }

    /// <summary>Prompts with known answers.</summary>
    public IReadOnlyList<PromptTrace>? Prompts { get; private init; }

    /// <summary>Mutated trigger prefixes.</summary>
    public IReadOnlyList<MutationRecord>? Mutations { get; private init; }

    /// <summary>How far back memories read.</summary>
    public IReadOnlyList<ReachRecord>? Reach { get; private init; }

    /// <summary>Prefixes with the released code's numbers.</summary>
    public IReadOnlyList<CompatTrace>? Compat { get; private init; }

    /// <summary>Options of the sections that are there, by section.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Options { get; init; }

    /// <summary>Whether no section is there that the figures by layer are made of.</summary>
    public bool IsEmpty => Values is null && Prefixes is null && Prompts is null && Mutations is null && Reach is null;

    /// <summary>Name of the readout of the values.</summary>
    public string Readout => Option(AnalysisSections.Values, "readout") ?? "folded";

    /// <summary>Reads what a study has.</summary>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    public static AnalysisSet Read(Study study) => new()
    {
        Values = Some(ValueTable.Read(study))?.ToDictionary(value => value.Id),
        Prefixes = Some(PrefixTable.Read(study)),
        Prompts = Some(PromptTable.Read(study)),
        Mutations = Some(MutationTable.Read(study)),
        Reach = Some(ReachTable.Read(study)),
        Compat = Some(CompatTable.Read(study)),
        Options = Sections.Select(section => (Section: section, Options: AnalysisSections.Read(study, section)))
            .Where(read => read.Options is not null)
            .ToDictionary(read => read.Section, read => read.Options!, StringComparer.Ordinal),
    };

    /// <summary>The seed of a section; 0 where it names none.</summary>
    public ulong Seed(string section) => ulong.TryParse(Option(section, "seed"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : 0;

    /// <summary>The prefixes summed up, once: its intervals take a while to draw.</summary>
    public CompositionSummary? Composed(Study study)
        => _composed ??= Prefixes is null ? null : CompositionSummary.Of(Prefixes, StopWords.Of(study), Seed(AnalysisSections.Prefixes));

    // A section that found nothing to measure is like one that was not made.
    private static IReadOnlyList<T>? Some<T>(IReadOnlyList<T>? rows) => rows is { Count: > 0 } ? rows : null;

    private string? Option(string section, string name) => Options.TryGetValue(section, out IReadOnlyDictionary<string, string>? options) ? options.GetValueOrDefault(name) : null;
}
