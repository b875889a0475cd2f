using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>Exports of one model differ in what stands before their tensors' names.</summary>
internal static class TensorPrefix
{
    /// <summary>The first prefix with which a tensor of that name exists; the first of all where none does, so that the error names the usual one.</summary>
    public static string Find(Checkpoint checkpoint, string tensor, params ReadOnlySpan<string> prefixes)
    {
        foreach (string prefix in prefixes)
        {
            if (checkpoint.Tensors.ContainsKey(prefix + tensor))
            {
                return prefix;
            }
        }

        return prefixes[0];
    }
}
