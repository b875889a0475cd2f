namespace Keyhole.Exports;

/// <summary>What an export writes, and how. Threads and progress change no byte.</summary>
public sealed record ExportOptions
{
    /// <summary>The memories that are written.</summary>
    public ExportSelection Selection { get; init; } = ExportSelection.All;

    /// <summary>The model, for formats that show whole texts with their coefficients; null: where the study says it was.</summary>
    public string? Model { get; init; }

    /// <summary>Worker threads of the forward passes that such a format needs.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told how far the export is, or null.</summary>
    public IProgress<ExportProgress>? Progress { get; init; }
}
