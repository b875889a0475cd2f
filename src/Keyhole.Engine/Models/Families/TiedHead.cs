using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>Whether the output embedding is the token embedding.</summary>
internal static class TiedHead
{
    private const int BytesAtOnce = 1 << 20;

    /// <summary>Name of the output embedding's tensor: the token embedding where <c>tie_word_embeddings</c> says so, unless the checkpoint has another one beside it (which transformers 5 then takes).</summary>
    /// <param name="config">config.json.</param>
    /// <param name="checkpoint">Its weights.</param>
    /// <param name="embedding">Tensor of the token embedding.</param>
    /// <param name="output">Tensor of an output embedding of its own.</param>
    /// <param name="tiedByDefault">Whether it is tied where the config does not say.</param>
    public static string Output(ModelConfig config, Checkpoint checkpoint, string embedding, string output, bool tiedByDefault)
        => config.GetBool("tie_word_embeddings", tiedByDefault) && !HasAnother(checkpoint, embedding, output) ? embedding : output;

    private static bool HasAnother(Checkpoint checkpoint, string embedding, string output)
    {
        if (!checkpoint.Tensors.TryGetValue(embedding, out TensorInfo? tied) || !checkpoint.Tensors.TryGetValue(output, out TensorInfo? own))
        {
            return false;
        }

        if (own.TypeName != tied.TypeName || own.ByteLength != tied.ByteLength || !own.Shape.AsSpan().SequenceEqual(tied.Shape.AsSpan()))
        {
            return true;
        }

        for (long at = 0; at < own.ByteLength; at += BytesAtOnce)
        {
            int count = (int)Math.Min(BytesAtOnce, own.ByteLength - at);
            if (!checkpoint.RawBytes(own, at, count).SequenceEqual(checkpoint.RawBytes(tied, at, count)))
            {
                return true;
            }
        }

        return false;
    }
}
