using System.Text.RegularExpressions;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models;

/// <summary>Compares the tensors that a model reads with those of its checkpoint.</summary>
internal static partial class TensorCheck
{
    private const int Shown = 8;

    /// <summary>Refuses missing tensors, tensors of the wrong shape, and tensors that the description does not know, each list at once.</summary>
    public static void Run(ModelSpec spec, Checkpoint checkpoint)
    {
        var wanted = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach ((string name, long[] shape) in spec.Tensors())
        {
            wanted[name] = shape;
        }

        string[] missing = [.. wanted.Keys.Where(name => !checkpoint.Tensors.ContainsKey(name))];
        string[] unknown = [.. checkpoint.Tensors.Keys.Where(name => !wanted.ContainsKey(name) && !MayBeIgnored().IsMatch(name))];
        if (missing.Length > 0)
        {
            string also = unknown.Length == 0 ? string.Empty : $" Tensors there that the model does not use: {List(unknown)}.";
            throw new InputRefusedException("KH3004", $"{checkpoint.Path}: {missing.Length} tensors of a '{spec.Family}' model are missing: {List(missing)}.{also} Check that config.json belongs to these weights.");
        }

        if (unknown.Length > 0)
        {
            throw new InputRefusedException("KH3005", $"{checkpoint.Path}: {unknown.Length} tensors are not part of a '{spec.Family}' model with this configuration: {List(unknown)}. Running without them could be another model; check that config.json belongs to these weights.");
        }

        string[] wrong = [.. wanted
            .Where(entry => !checkpoint.Tensors[entry.Key].Shape.AsSpan().SequenceEqual(entry.Value))
            .Select(entry => $"{entry.Key} is [{string.Join(", ", checkpoint.Tensors[entry.Key].Shape)}], expected [{string.Join(", ", entry.Value)}]")];
        if (wrong.Length > 0)
        {
            throw new InputRefusedException("KH3006", $"{checkpoint.Path}: tensors of the wrong shape: {List(wrong)}. Check that config.json belongs to these weights.");
        }
    }

    private static string List(string[] items)
        => string.Join("; ", items.Take(Shown)) + (items.Length > Shown ? $"; and {items.Length - Shown} more" : string.Empty);

    // Constants that old checkpoints stored although they follow from the config, and the output embedding of tied models.
    [GeneratedRegex(@"(rotary_emb\.inv_freq|attn\.bias|masked_bias|^lm_head\.weight|^output\.weight)$")]
    private static partial Regex MayBeIgnored();
}
