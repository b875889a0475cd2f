using System.Collections.Immutable;
using Keyhole.Claiming;
using Keyhole.Distributions;
using Keyhole.Features;
using Keyhole.Mutations;
using Keyhole.Patterns;
using Keyhole.Prompts;
using Keyhole.ReadWrite;
using Keyhole.Studies;

namespace Keyhole.Reports.Contents;

/// <summary>All that a report shows, free of markup: what was not analysed is null.</summary>
internal sealed record ReportModel
{
    /// <summary>The model's name: the last part of its path.</summary>
    public required string Name { get; init; }

    /// <summary>Where the study comes from.</summary>
    public required StudyProvenance Provenance { get; init; }

    /// <summary>What the study holds.</summary>
    public required StudyCounts Counts { get; init; }

    /// <summary>Relative paths and hashes of the corpus files.</summary>
    public ImmutableArray<StudyFile> Files { get; init; } = [];

    /// <summary>The sections of the analysis.</summary>
    public ImmutableArray<SectionNote> Sections { get; init; } = [];

    /// <summary>Memories that the report is limited to; null where it is about all.</summary>
    public int? Limited { get; init; }

    /// <summary>Figures 4 to 6.</summary>
    public AgreementContent? Agreement { get; init; }

    /// <summary>Figures 7 to 11.</summary>
    public CompositionContent? Composition { get; init; }

    /// <summary>Figure 3.</summary>
    public MutationSummary? Mutations { get; init; }

    /// <summary>Figure 2, by layer and source; null where no patterns were looked for.</summary>
    public ImmutableArray<LayerPatterns>? Patterns { get; init; }

    /// <summary>How far back memories read.</summary>
    public ReachSummary? Reach { get; init; }

    /// <summary>Read-write classes by layer.</summary>
    public ReadWriteSummary? ReadWrite { get; init; }

    /// <summary>How coefficients are spread, by layer.</summary>
    public ImmutableArray<LayerDistribution> Distributions { get; init; } = [];

    /// <summary>Refinement on prompt sets.</summary>
    public ImmutableArray<PromptSetSummary>? Prompts { get; init; }

    /// <summary>Claims that the user tested, or memories that were searched for; null where none were.</summary>
    public ClaimRun? Tested { get; init; }

    /// <summary>Memories as features.</summary>
    public FeatureResult? Features { get; init; }

    /// <summary>Tables 1 and 2, by thirds of the layers.</summary>
    public ImmutableArray<ThirdContent> Thirds { get; init; } = [];

    /// <summary>One memory with all its prefixes; null where the study has none.</summary>
    public MemoryPage? Whole { get; init; }

    /// <summary>Activation histograms.</summary>
    public ImmutableArray<HistogramContent> Histograms { get; init; } = [];

    /// <summary>Memories on pages of their own.</summary>
    public ImmutableArray<MemoryGroup> Groups { get; init; } = [];
}
