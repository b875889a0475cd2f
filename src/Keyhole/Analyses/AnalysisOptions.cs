using Keyhole.Composition;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Mutations;

namespace Keyhole.Analyses;

/// <summary>What to analyse of a study, and how.</summary>
public sealed record AnalysisOptions
{
    /// <summary>The study.</summary>
    public required string Study { get; init; }

    /// <summary>Where its model is now; null where it was.</summary>
    public string? Model { get; init; }

    /// <summary>Sections to make; null for all but <see cref="AnalysisSection.Compat"/>, which has to be asked for.</summary>
    public IReadOnlySet<AnalysisSection>? Only { get; init; }

    /// <summary>
    /// Whether prefixes are those of the paper's released code (every position of a text, the empty prefix and the whole text included), and its numbers are made too where
    /// <see cref="Only"/> names no sections.
    /// </summary>
    public bool Compat { get; init; }

    /// <summary>Linear readout of values and updates: folded or raw.</summary>
    public Readout Readout { get; init; } = Readout.Folded;

    /// <summary>Tokens kept at each end of a value.</summary>
    public int Top { get; init; } = 30;

    /// <summary>Which prefixes are read.</summary>
    public PrefixOptions Prefixes { get; init; } = new();

    /// <summary>A file of stop words; null for the bundled English ones.</summary>
    public string? StopWords { get; init; }

    /// <summary>Files of prompts; empty for the bundled ones.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>A JSONL file that fixes the mutations; null samples them.</summary>
    public string? MutationFile { get; init; }

    /// <summary>How mutations are sampled.</summary>
    public MutationOptions Mutations { get; init; } = new();

    /// <summary>How reach is sampled.</summary>
    public ReachOptions Reach { get; init; } = new();

    /// <summary>Memories whose values, mutations, reach and read-write classes are kept; null for all of the study. What is kept of them is what a run over all would keep.</summary>
    public IReadOnlySet<NeuronId>? Neurons { get; init; }

    /// <summary>Seed of every random choice.</summary>
    public ulong Seed { get; init; }

    /// <summary>Worker threads. Change no result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
