using System.Runtime.InteropServices;
using Keyhole.Engine.Tests.Checkpoints;

namespace Keyhole.Engine.Tests.Models;

/// <summary>A llama of one layer as a GGUF file, width and memories 256 so that any block type fits.</summary>
internal static class TinyGguf
{
    private const int Width = 256;
    private const int Vocabulary = 8;

    /// <param name="change">A key to change or to add.</param>
    /// <param name="typeOf">Storage type of a matrix and bytes of 256 numbers in it; F32 where null.</param>
    /// <param name="valuesOf">Values of F32 tensors; zeros where null.</param>
    public static GgufBuilder Build((string Key, uint Value)? change = null, Func<string, (uint Type, int Bytes)>? typeOf = null, Func<string, float[]>? valuesOf = null)
    {
        typeOf ??= _ => (0u, 4 * Width);
        var builder = new GgufBuilder();
        builder.Key("general.architecture", "llama");
        var keys = new Dictionary<string, uint>
        {
            ["llama.embedding_length"] = Width,
            ["llama.context_length"] = 32,
            ["llama.block_count"] = 1,
            ["llama.feed_forward_length"] = Width,
            ["llama.attention.head_count"] = 4,
            ["llama.attention.head_count_kv"] = 2,
        };
        if (change is { } changed)
        {
            keys[changed.Key] = changed.Value;
        }

        foreach ((string key, uint value) in keys)
        {
            builder.Key(key, value);
        }

        builder.Key("llama.attention.layer_norm_rms_epsilon", 6, writer => writer.Write(1e-5f));
        byte[] Bytes(string name, int count) => valuesOf is null ? new byte[count] : MemoryMarshal.AsBytes<float>(valuesOf(name)).ToArray();
        void Matrix(string name, int rows)
        {
            (uint type, int bytes) = typeOf(name);
            builder.Tensor(name, [Width, (ulong)rows], type, Bytes(name, rows * bytes));
        }

        void Vector(string name) => builder.Tensor(name, [Width], 0, Bytes(name, 4 * Width));
        Matrix("token_embd.weight", Vocabulary);
        Vector("output_norm.weight");
        Vector("blk.0.attn_norm.weight");
        Vector("blk.0.ffn_norm.weight");
        foreach ((string name, int rows) in new[] { ("attn_q", 256), ("attn_k", 128), ("attn_v", 128), ("attn_output", 256), ("ffn_gate", 256), ("ffn_up", 256), ("ffn_down", 256) })
        {
            Matrix($"blk.0.{name}.weight", rows);
        }

        return builder;
    }
}
