using Keyhole.Memories;

namespace Keyhole.Reports;

/// <summary>What a report is to show.</summary>
public sealed record ReportOptions
{
    /// <summary>The memories that it is limited to; null for all. What is read at prefixes and prompts is about whole layers and stays.</summary>
    public IReadOnlySet<NeuronId>? Neurons { get; init; }

    /// <summary>Folder for specifications, data and SVG of every figure; null for none.</summary>
    public string? Figures { get; init; }
}
