using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>Which layers see a sliding window only.</summary>
internal static class AttentionWindows
{
    /// <summary>Reads <c>sliding_window</c> and <c>layer_types</c>.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="window">The window where the key is not there at all, or null for none.</param>
    /// <param name="slides">Whether a layer slides where there are no <c>layer_types</c>.</param>
    /// <param name="layers">L.</param>
    /// <returns>The window of each layer, null for none.</returns>
    public static int?[] Read(ModelConfig config, int? window, Func<int, bool> slides, int layers)
    {
        int? size = config.IsMissing("sliding_window") ? window : config.Has("sliding_window") ? config.Size("sliding_window") : null;
        string[]? types = config.Has("layer_types") ? config.GetStrings("layer_types") : null;
        if (types is not null && types.Length < layers)
        {
            throw config.Refuse("layer_types", $"a list of {layers} kinds, one a layer");
        }

        return [.. Enumerable.Range(0, layers).Select(layer => (types?[layer]) switch
        {
            "sliding_attention" => size ?? throw config.Refuse("sliding_window", "a whole number above 0, as layer_types has sliding_attention"),
            "full_attention" => null,
            null => slides(layer) ? size : null,
            _ => throw config.Refuse("layer_types", "a list of full_attention and sliding_attention"),
        })];
    }
}
