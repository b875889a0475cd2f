using System.Globalization;
using Keyhole.Compat;
using Keyhole.Composition;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Prompts;
using Keyhole.ReadWrite;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Analyses;

/// <summary>The sections of an analysis that a study has, with their summaries, made when they are first asked for. A section that is missing is null.</summary>
/// <remarks>Reads the study, which must stay open. Not safe for several threads at once.</remarks>
public sealed class StudyAnalysis
{
    private readonly Study _study;
    private readonly Lazy<IReadOnlyList<ValueRecord>?> _values;
    private readonly Lazy<IReadOnlyDictionary<NeuronId, ValueRecord>?> _valuesById;
    private readonly Lazy<AgreementSummary?> _agreement;
    private readonly Lazy<IReadOnlyList<PrefixTrace>?> _prefixes;
    private readonly Lazy<CompositionSummary?> _composition;
    private readonly Lazy<IReadOnlyList<PromptTrace>?> _prompts;
    private readonly Lazy<PromptSummary?> _refinement;
    private readonly Lazy<IReadOnlyList<MutationRecord>?> _mutations;
    private readonly Lazy<MutationSummary?> _mutationEffects;
    private readonly Lazy<IReadOnlyList<ReachRecord>?> _reach;
    private readonly Lazy<ReachSummary?> _distances;
    private readonly Lazy<IReadOnlyList<CompatTrace>?> _compat;
    private readonly Lazy<IReadOnlyList<ReadWriteRecord>?> _readWrite;
    private readonly Lazy<ReadWriteSummary?> _readWriteClasses;

    private StudyAnalysis(Study study)
    {
        _study = study;
        _values = new(() => Some(ValueTable.Read(study)));
        _valuesById = new(() => Values?.ToDictionary(value => value.Id));
        _agreement = new(() => Values is { } values ? AgreementSummary.Of(values, study.Shape.VocabularySize, Seed(AnalysisSections.Values)) : null);
        _prefixes = new(() => Some(PrefixTable.Read(study)));
        _composition = new(() => Prefixes is { } prefixes ? CompositionSummary.Of(prefixes, StopWords.Of(study), Seed(AnalysisSections.Prefixes)) : null);
        _prompts = new(() => Some(PromptTable.Read(study)));
        _refinement = new(() => Prompts is { } prompts ? PromptSummary.Of(prompts, Seed(AnalysisSections.Prompts)) : null);
        _mutations = new(() => Some(MutationTable.Read(study)));
        _mutationEffects = new(() => Mutations is { } mutations ? MutationSummary.Of(mutations, Seed(AnalysisSections.Mutations)) : null);
        _reach = new(() => Some(ReachTable.Read(study)));
        _distances = new(() => Reach is { } reach ? ReachSummary.Of(reach, study.Shape.Layers, Seed(AnalysisSections.Reach)) : null);
        _compat = new(() => Some(CompatTable.Read(study)));
        _readWrite = new(() => Some(ReadWriteTable.Read(study)));
        _readWriteClasses = new(() => ReadWrite is { } records ? ReadWriteSummary.Of(records, ReadWriteTable.DimensionOf(study)) : null);
    }

    /// <summary>Values of memories.</summary>
    public IReadOnlyList<ValueRecord>? Values => _values.Value;

    /// <summary>The same by memory.</summary>
    public IReadOnlyDictionary<NeuronId, ValueRecord>? ValuesById => _valuesById.Value;

    /// <summary>Name of the readout of the values.</summary>
    public string ValueReadout => ValueJson.ReadoutOf(_study);

    /// <summary>Agreement (figures 4 to 6).</summary>
    public AgreementSummary? Agreement => _agreement.Value;

    /// <summary>Prefixes read at every layer.</summary>
    public IReadOnlyList<PrefixTrace>? Prefixes => _prefixes.Value;

    /// <summary>Composition and refinement (figures 7 to 11).</summary>
    public CompositionSummary? Composition => _composition.Value;

    /// <summary>Prompts read at every layer.</summary>
    public IReadOnlyList<PromptTrace>? Prompts => _prompts.Value;

    /// <summary>Ranks of answers over the layers.</summary>
    public PromptSummary? Refinement => _refinement.Value;

    /// <summary>Mutated triggers.</summary>
    public IReadOnlyList<MutationRecord>? Mutations => _mutations.Value;

    /// <summary>Effects of mutations (figure 3).</summary>
    public MutationSummary? MutationEffects => _mutationEffects.Value;

    /// <summary>How far back memories read.</summary>
    public IReadOnlyList<ReachRecord>? Reach => _reach.Value;

    /// <summary>Distances by layer.</summary>
    public ReachSummary? Distances => _distances.Value;

    /// <summary>Cosines between the weights of memories.</summary>
    public IReadOnlyList<ReadWriteRecord>? ReadWrite => _readWrite.Value;

    /// <summary>Read-write classes by layer.</summary>
    public ReadWriteSummary? ReadWriteClasses => _readWriteClasses.Value;

    /// <summary>Prefixes with the numbers of the paper's released code.</summary>
    internal IReadOnlyList<CompatTrace>? Compat => _compat.Value;

    /// <summary>Whether the study has a section that figures are made of.</summary>
    public bool Any => AnalysisSections.All.Any(section => AnalysisSections.Read(_study, section) is not null);

    /// <summary>Prepares to read a study's analysis.</summary>
    /// <param name="study">The study.</param>
    public static StudyAnalysis Read(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return new StudyAnalysis(study);
    }

    /// <summary>What decided a section's results; null where the study does not have it.</summary>
    /// <param name="section">One of <c>values</c>, <c>prefixes</c>, <c>prompts</c>, <c>mutations</c>, <c>reach</c>, <c>read-write</c>, <c>compat</c>.</param>
    public IReadOnlyDictionary<string, string>? Options(string section) => AnalysisSections.Read(_study, section);

    // A section that found nothing to measure is like one that was not made.
    private static IReadOnlyList<T>? Some<T>(IReadOnlyList<T>? rows) => rows is { Count: > 0 } ? rows : null;

    private ulong Seed(string section)
        => ulong.TryParse(Options(section)?.GetValueOrDefault("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : 0;
}
