using System.Text.RegularExpressions;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models;

/// <summary>Compares the tensors that a model reads with those of its checkpoint.</summary>
internal static partial class TensorCheck
{
    private const int Shown = 8;

    /// <summary>
    /// Refuses missing tensors, tensors that the description does not know, and tensors of the wrong shape, all in one list; then a storage type that
    /// cannot be read.
    /// </summary>
    public static void Run(ModelSpec spec, Checkpoint checkpoint)
    {
        var wanted = new Dictionary<string, long[]>(StringComparer.Ordinal);
        foreach ((string name, long[] shape) in spec.Tensors())
        {
            wanted[name] = shape;
        }

        string[] missing = [.. wanted.Keys.Where(name => !checkpoint.Tensors.ContainsKey(name))];
        string[] unknown = [.. checkpoint.Tensors.Keys.Where(name => !wanted.ContainsKey(name) && !MayBeIgnored().IsMatch(name))];
        string[] wrong = [.. wanted
            .Where(entry => checkpoint.Tensors.TryGetValue(entry.Key, out TensorInfo? tensor) && !tensor.Shape.AsSpan().SequenceEqual(entry.Value))
            .Select(entry => $"{entry.Key} is [{string.Join(", ", checkpoint.Tensors[entry.Key].Shape)}], expected [{string.Join(", ", entry.Value)}]")];
        string?[] faults =
        [
            missing.Length == 0 ? null : $"{missing.Length} missing: {List([.. missing.Select(checkpoint.NameWithReason)])}",
            unknown.Length == 0 ? null : $"{unknown.Length} that the model does not use, so that running without them could be another model: {List(unknown)}",
            wrong.Length == 0 ? null : $"{wrong.Length} of the wrong shape: {List(wrong)}",
        ];
        if (missing.Length + unknown.Length + wrong.Length > 0)
        {
            string code = missing.Length > 0 ? "KH3004" : unknown.Length > 0 ? "KH3005" : "KH3006";
            throw new InputRefusedException(code, $"{checkpoint.Path}: the tensors are not those of a '{spec.Family}' model with this configuration: {string.Join(". ", faults.OfType<string>())}. Check that the configuration belongs to these weights.");
        }

        foreach (string name in wanted.Keys)
        {
            checkpoint.RequireReadable(checkpoint.Tensors[name]);
        }
    }

    private static string List(string[] items)
        => string.Join("; ", items.Take(Shown)) + (items.Length > Shown ? $"; and {items.Length - Shown} more" : string.Empty);

    // Constants that old checkpoints stored although they follow from the config (causal masks: attn.bias of GPT-2, attention.bias of GPT-Neo and Pythia),
    // the output embedding of tied models, and what fairseq keeps beside its weights.
    [GeneratedRegex(@"(^decoder\.(.+\.)?_float_tensor|^decoder\.(adaptive_softmax\.)?version|^decoder\.embed_positions\.weights|rotary(_emb)?\.inv_freq|\.(attn|attention)\.bias|masked_bias|^lm_head\.weight|^embed_out\.weight|^output\.weight)$")]
    private static partial Regex MayBeIgnored();
}
