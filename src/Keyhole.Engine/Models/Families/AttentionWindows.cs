using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>Which layers see a sliding window only.</summary>
internal static class AttentionWindows
{
    private const string Key = "sliding_window";

    /// <summary>Reads <c>sliding_window</c>, null for none.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="missing">The window where the key is not there at all.</param>
    /// <remarks>Mistral, Mixtral, Phi-3 and StarCoder2 slide in all layers where there is a window, and do not look at <c>layer_types</c>.</remarks>
    public static int? Size(ModelConfig config, int? missing) => config.IsMissing(Key) ? missing : config.Has(Key) ? config.Size(Key) : null;

    /// <summary>Reads <c>layer_types</c>.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="size">The window, or null for none.</param>
    /// <param name="slides">Whether a layer slides where there are no <c>layer_types</c>.</param>
    /// <param name="layers">L.</param>
    /// <returns>The window of each layer, null for none.</returns>
    /// <exception cref="InputRefusedException">A layer slides and there is no window.</exception>
    public static int?[] ByLayer(ModelConfig config, int? size, Func<int, bool> slides, int layers)
    {
        string[]? types = config.Has("layer_types") ? config.GetStrings("layer_types") : null;
        if (types is not null && types.Length < layers)
        {
            throw config.Refuse("layer_types", $"a list of {layers} kinds, one a layer");
        }

        return [.. Enumerable.Range(0, layers).Select(layer => (types?[layer]) switch
        {
            "sliding_attention" => Window(),
            "full_attention" => null,
            null => slides(layer) ? Window() : null,
            _ => throw config.Refuse("layer_types", "a list of full_attention and sliding_attention"),
        })];

        int? Window() => size ?? throw config.Refuse(Key, "a whole number above 0 (and use_sliding_window true where the family has it), as layers slide");
    }
}
