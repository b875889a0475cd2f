using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Reports.Contents;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Reports;

/// <summary>Reads what a report shows from a study; no model is needed.</summary>
internal static class ReportContents
{
    private static readonly ImmutableArray<string> Sections =
        [AnalysisSections.Values, AnalysisSections.Prefixes, AnalysisSections.Prompts, AnalysisSections.Mutations, AnalysisSections.Reach];

    /// <summary>The content of a report.</summary>
    /// <param name="study">An analysed study.</param>
    /// <param name="options">What to show.</param>
    /// <param name="stop">Stops the work.</param>
    /// <exception cref="InputRefusedException">KH5130: never analysed; KH5131: it has none of the memories; KH5105: damaged.</exception>
    public static ReportModel Read(Study study, ReportOptions options, CancellationToken stop)
    {
        string path = study.FilePath;
        ImmutableArray<SectionNote> sections = [.. Sections.Select(name => new SectionNote(name,
            AnalysisSections.Read(study, name)?.ToImmutableSortedDictionary(StringComparer.Ordinal)))];
        if (sections.All(section => section.Options is null))
        {
            throw new InputRefusedException("KH5130", $"{path}: this study was never analysed, so there is nothing to report; run 'keyhole analyze {path}' first.");
        }

        IReadOnlyList<ValueRecord>? values = ValueTable.Read(study);
        if (options.Neurons is { } only)
        {
            values = values?.Where(value => only.Contains(value.Id)).ToList();
        }

        ulong seed = Seed(sections, AnalysisSections.Values);
        var memories = new MemoryChoice(study, values, options.Neurons, seed, stop);
        if (options.Neurons is not null && memories.Count == 0)
        {
            throw new InputRefusedException("KH5131", $"{path}: the study has none of the {options.Neurons.Count} memories that were asked for; check the names and the layers that were mined.");
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
            Agreement = values is null ? null : AgreementOf(values, study.Shape.VocabularySize, seed),
            Thirds = memories.Thirds(),
            Whole = memories.Whole(),
            Histograms = memories.Histograms(),
            Groups = memories.Groups(),
        };
    }

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

    private static ulong Seed(ImmutableArray<SectionNote> sections, string name)
        => sections.First(section => section.Name == name).Options?.GetValueOrDefault("seed") is { } text && ulong.TryParse(text, out ulong seed) ? seed : 0;
}
