namespace Keyhole.Reports.Claims;

/// <summary>The paper's layers of 16, counted from 1, as parts of a model of another depth.</summary>
internal static class Depth
{
    /// <summary>Layers of the paper's model.</summary>
    public const int PaperLayers = 16;

    /// <summary>The lowest of the upper layers: those that correspond to the paper's 11 to 16.</summary>
    public const double UpperFrom = 10.0 / PaperLayers;

    /// <summary>Whether a layer (from 0) corresponds to one of the paper's layers 11 to 16.</summary>
    public static bool IsUpper(int layer, int layers) => layer >= UpperFrom * layers;

    /// <summary>Names layers, such as <c>layer 3</c> or <c>layers 0 to 3</c>.</summary>
    public static string Name(IReadOnlyList<int> layers) => layers.Count switch
    {
        0 => "no layer",
        1 => FormattableString.Invariant($"layer {layers[0]}"),
        _ => FormattableString.Invariant($"layers {layers[0]} to {layers[^1]}"),
    };
}
