using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>Whether the output embedding is the token embedding, as transformers 5 decides it.</summary>
internal static class TiedHead
{
    private const int NumbersAtOnce = 1 << 18;

    /// <summary>
    /// Names of both tensors. Tied (<c>tie_word_embeddings</c>) they are one: the token embedding, or the output embedding where the checkpoint has that alone.
    /// Where it has both, and they differ, the config is taken to be wrong.
    /// </summary>
    /// <param name="config">config.json.</param>
    /// <param name="checkpoint">Its weights.</param>
    /// <param name="embedding">Tensor of the token embedding.</param>
    /// <param name="output">Tensor of an output embedding of its own.</param>
    /// <param name="tiedByDefault">Whether it is tied where the config does not say.</param>
    public static (string Embedding, string Output) Read(ModelConfig config, Checkpoint checkpoint, string embedding, string output, bool tiedByDefault)
    {
        if (!config.GetBool("tie_word_embeddings", tiedByDefault))
        {
            return (embedding, output);
        }

        bool hasOutput = checkpoint.Tensors.TryGetValue(output, out TensorInfo? own);
        return !checkpoint.Tensors.TryGetValue(embedding, out TensorInfo? tokens) ? (hasOutput ? (output, output) : (embedding, embedding))
            : hasOutput && Differ(checkpoint, own!, tokens) ? (embedding, output)
            : (embedding, embedding);
    }

    private static bool Differ(Checkpoint checkpoint, TensorInfo own, TensorInfo tied)
    {
        if (!own.Shape.AsSpan().SequenceEqual(tied.Shape.AsSpan()))
        {
            return true;
        }

        if (own.File == tied.File && own.Offset == tied.Offset && own.Type == tied.Type)
        {
            return false;   // one storage under two names, as PyTorch files have it
        }

        float[] left = new float[(int)Math.Min(NumbersAtOnce, own.ElementCount)];
        float[] right = new float[left.Length];
        for (long at = 0; at < own.ElementCount; at += NumbersAtOnce)
        {
            int count = (int)Math.Min(NumbersAtOnce, own.ElementCount - at);
            checkpoint.ReadFloats(own, at, left.AsSpan(0, count));
            checkpoint.ReadFloats(tied, at, right.AsSpan(0, count));
            if (!left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, count)))
            {
                return true;
            }
        }

        return false;
    }
}
