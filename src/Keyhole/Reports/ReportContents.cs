using System.Collections.Immutable;
using Keyhole.Claiming;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Features;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Prompts;
using Keyhole.ReadWrite;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Reports;

/// <summary>Reads what a report shows from a study; no model is needed.</summary>
internal static class ReportContents
{
    private static readonly ImmutableArray<string> Sections =
        [AnalysisSections.Values, AnalysisSections.Prefixes, AnalysisSections.Prompts, AnalysisSections.Mutations, AnalysisSections.Reach, AnalysisSections.ReadWrite, AnalysisSections.Patterns, AnalysisSections.Features];

    /// <summary>The content of a report.</summary>
    /// <param name="study">An analysed study.</param>
    /// <param name="options">What to show.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InputRefusedException">KH5130: never analysed; KH5131: it has none of the memories; KH5105: damaged.</exception>
    public static ReportModel Read(Study study, ReportOptions options, CancellationToken stop)
    {
        return Notes(study).All(section => section.Options is null)
            ? throw new InputRefusedException("KH5130", $"{study.FilePath}: this study was never analysed, so there is nothing to report; run 'keyhole analyze {study.FilePath}' first.")
            : ReadAny(study, options, stop);
    }

    /// <summary>The same, of a study that may never have been analysed.</summary>
    /// <exception cref="InputRefusedException">KH5131: it has none of the memories; KH5105: damaged.</exception>
    public static ReportModel ReadAny(Study study, ReportOptions options, CancellationToken stop)
    {
        string path = study.FilePath;
        ImmutableArray<SectionNote> sections = Notes(study);
        IReadOnlyList<ValueRecord>? values = ValueTable.Read(study);
        if (options.Neurons is { } only)
        {
            values = values?.Where(value => only.Contains(value.Id)).ToList();
        }

        ulong seed = Seed(sections, AnalysisSections.Values);
        var memories = new MemoryChoice(study, values, options.Neurons, seed, stop);
        if (options.Neurons is not null && memories.Count == 0)
        {
            throw new InputRefusedException("KH5131", $"{path}: the study has no memory that was asked for; check the names and the layers that were mined.");
        }

        string name = Path.GetFileName(study.Provenance.ModelPath.TrimEnd('/', '\\'));
        return new ReportModel
        {
            Name = name.Length == 0 ? study.Provenance.ModelPath : name,
            Provenance = study.Provenance,
            Counts = study.Counts(),
            Files = study.Files,
            Sections = sections,
            Limited = options.Neurons is null ? null : memories.Count,
            Composition = PrefixTable.Read(study) is { Count: > 0 } prefixes ? CompositionOf(study, prefixes, Seed(sections, AnalysisSections.Prefixes)) : null,
            Prompts = PromptTable.Read(study) is { } prompts ? PromptSummary.Of(prompts, Seed(sections, AnalysisSections.Prompts)).Sets : null,
            Mutations = MutationTable.Read(study) is { } mutations ? MutationSummary.Of(Limit(mutations, options, record => record.Id), Seed(sections, AnalysisSections.Mutations)) : null,
            Patterns = PatternTable.ReadLayers(study) is { Count: > 0 } patterns ? [.. patterns] : null,
            Reach = ReachTable.Read(study) is { } reach ? ReachSummary.Of(Limit(reach, options, record => record.Id), study.Shape.Layers, Seed(sections, AnalysisSections.Reach)) : null,
            ReadWrite = ReadWriteOf(study, options),
            Distributions = memories.Distributions,
            Features = FeatureTable.Read(study),
            Agreement = values is null ? null : AgreementOf(values, study.Shape.VocabularySize, seed),
            Tested = ClaimStore.Read(study),
            Thirds = memories.Thirds(),
            Whole = memories.Whole(),
            Histograms = memories.Histograms(),
            Groups = memories.Groups(),
        };
    }

    /// <summary>The sections of the analysis with their options.</summary>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public static ImmutableArray<SectionNote> Notes(Study study)
        => [.. Sections.Select(name => new SectionNote(name, AnalysisSections.Read(study, name)?.ToImmutableSortedDictionary(StringComparer.Ordinal)))];

    private static AgreementContent AgreementOf(IReadOnlyList<ValueRecord> values, int vocabulary, ulong seed)
    {
        AgreementSummary summary = AgreementSummary.Of(values, vocabulary, seed);
        return new AgreementContent
        {
            Layers = summary.Layers,
            ByConfidence = summary.ByConfidence,
            ConfidentByLayer = summary.Confident.CountBy(value => value.Id.Layer).ToImmutableSortedDictionary(),
            ConfidentWithHit = summary.ConfidentHits,
        };
    }

    private static CompositionContent CompositionOf(Study study, IReadOnlyList<PrefixTrace> prefixes, ulong seed)
    {
        StopWords stopWords = StopWords.Of(study);
        CompositionSummary summary = CompositionSummary.Of(prefixes, stopWords, seed);
        return new CompositionContent
        {
            Layers = summary.Layers,
            Output = summary.Output,
            Refinement = summary.Refinement,
            Prefixes = summary.Prefixes,
            ShortPrefixes = new Share(prefixes.LongCount(prefix => prefix.Tokens < CompositionSummary.ShortTokens), prefixes.Count),
            StopWordPredictions = new Share(prefixes.LongCount(prefix => stopWords.Contains(prefix.Final)), prefixes.Count),
            LastLayer = [.. summary.LastLayerCompositions.Select(row => new LastLayerRow(row.Text, Token(row.TopR), Token(row.TopY), Token(row.TopO), row.Target < 0 ? string.Empty : Token(row.Target)))],
        };

        string Token(int id) => study.TokenPiece(id) is { Length: > 0 } text ? text : FormattableString.Invariant($"#{id}");
    }

    private static ReadWriteSummary? ReadWriteOf(Study study, ReportOptions options)
        => ReadWriteTable.Read(study) is { } records && Limit(records, options, record => record.Id) is { Count: > 0 } shown ? ReadWriteSummary.Of(shown, ReadWriteTable.DimensionOf(study)) : null;

    private static IReadOnlyList<T> Limit<T>(IReadOnlyList<T> records, ReportOptions options, Func<T, NeuronId> id)
        => options.Neurons is { } only ? [.. records.Where(record => only.Contains(id(record)))] : records;

    private static ulong Seed(ImmutableArray<SectionNote> sections, string name)
        => sections.First(section => section.Name == name).Options?.GetValueOrDefault("seed") is { } text && ulong.TryParse(text, out ulong seed) ? seed : 0;
}
