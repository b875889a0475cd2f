namespace Keyhole.Web.Overview;

/// <summary>What every page needs to know of the study.</summary>
public sealed record StudySummary
{
    /// <summary>The study's name: its file's, without the folder.</summary>
    public required string Name { get; init; }

    /// <summary>The model's family.</summary>
    public required string Family { get; init; }

    /// <summary>L.</summary>
    public required int Layers { get; init; }

    /// <summary>Memories of each layer, of one expert where there are experts; shape [L].</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Experts of a layer; 0 without a router.</summary>
    public required int Experts { get; init; }

    /// <summary>D.</summary>
    public required int ModelWidth { get; init; }

    /// <summary>V.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The activation's exact name.</summary>
    public required string Activation { get; init; }

    /// <summary>Whether layers are gated.</summary>
    public required bool Gated { get; init; }

    /// <summary>The poles that were mined, by name.</summary>
    public required IReadOnlyList<string> Poles { get; init; }

    /// <summary>Texts.</summary>
    public required long Units { get; init; }

    /// <summary>Tokens of all texts.</summary>
    public required long Tokens { get; init; }

    /// <summary>Sections of an analysis that the study has.</summary>
    public required IReadOnlyList<string> Sections { get; init; }

    /// <summary>The model's state: none, loading, ready or refused.</summary>
    public required string Model { get; init; }

    /// <summary>Why the model does not compute; null where it does.</summary>
    public string? ModelReason { get; init; }

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }
}
