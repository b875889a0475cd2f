using System.Runtime.CompilerServices;
using Keyhole.Engine.Checkpoints.GgmlBlocks;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Decodes whole blocks: <paramref name="values"/> has as many elements as the blocks hold.</summary>
internal delegate void BlockDecoder(ReadOnlySpan<byte> blocks, Span<float> values);

/// <summary>Block size of a storage type, and how its blocks become floats.</summary>
/// <param name="BlockElements">Elements of a block; 1 where there are no blocks.</param>
/// <param name="BlockBytes">Bytes of a block.</param>
/// <param name="Decode">Null where the type is only listed and copied.</param>
internal sealed record StorageFormat(int BlockElements, int BlockBytes, BlockDecoder? Decode)
{
    /// <summary>Elements of the largest block: what a buffer for one block must hold.</summary>
    public const int LargestBlock = 256;

    /// <summary>The types that <see cref="Checkpoint.ReadFloats"/> reads, for messages.</summary>
    public const string Readable = "F32, F16, BF16, F64, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS";

    private static readonly StorageFormat s_byte = new(1, 1, null);
    private static readonly StorageFormat s_twoBytes = new(1, 2, null);
    private static readonly StorageFormat s_fourBytes = new(1, 4, null);
    private static readonly StorageFormat s_eightBytes = new(1, 8, null);
    private static readonly StorageFormat s_f32 = new(1, 4, F32.Decode);
    private static readonly StorageFormat s_f16 = new(1, 2, F16.Decode);
    private static readonly StorageFormat s_bf16 = new(1, 2, BF16.Decode);
    private static readonly StorageFormat s_f64 = new(1, 8, F64.Decode);
    private static readonly StorageFormat s_q4_0 = Blocks<Q4_0>();
    private static readonly StorageFormat s_q4_1 = Blocks<Q4_1>();
    private static readonly StorageFormat s_q5_0 = Blocks<Q5_0>();
    private static readonly StorageFormat s_q5_1 = Blocks<Q5_1>();
    private static readonly StorageFormat s_q8_0 = Blocks<Q8_0>();
    private static readonly StorageFormat s_q2_K = Blocks<Q2_K>();
    private static readonly StorageFormat s_q3_K = Blocks<Q3_K>();
    private static readonly StorageFormat s_q4_K = Blocks<Q4_K>();
    private static readonly StorageFormat s_q5_K = Blocks<Q5_K>();
    private static readonly StorageFormat s_q6_K = Blocks<Q6_K>();
    private static readonly StorageFormat s_iq4_NL = Blocks<IQ4_NL>();
    private static readonly StorageFormat s_iq4_XS = Blocks<IQ4_XS>();

    /// <summary>The format of a type; null for <see cref="StorageType.Unsupported"/>, whose size is not known.</summary>
    public static StorageFormat? Of(StorageType type) => type switch
    {
        StorageType.F32 => s_f32,
        StorageType.F16 => s_f16,
        StorageType.BF16 => s_bf16,
        StorageType.I8 or StorageType.U8 or StorageType.Bool => s_byte,
        StorageType.I16 or StorageType.U16 => s_twoBytes,
        StorageType.I32 or StorageType.U32 => s_fourBytes,
        StorageType.I64 or StorageType.U64 => s_eightBytes,
        StorageType.F64 => s_f64,
        StorageType.Q4_0 => s_q4_0,
        StorageType.Q4_1 => s_q4_1,
        StorageType.Q5_0 => s_q5_0,
        StorageType.Q5_1 => s_q5_1,
        StorageType.Q8_0 => s_q8_0,
        StorageType.Q2_K => s_q2_K,
        StorageType.Q3_K => s_q3_K,
        StorageType.Q4_K => s_q4_K,
        StorageType.Q5_K => s_q5_K,
        StorageType.Q6_K => s_q6_K,
        StorageType.IQ4_NL => s_iq4_NL,
        StorageType.IQ4_XS => s_iq4_XS,
        _ => null,
    };

    private static StorageFormat Blocks<TBlock>() where TBlock : struct, IBlock => new(TBlock.Elements, TBlock.Bytes, DecodeAll<TBlock>);

    // Optimised from the first call: a model is read once, at the start.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DecodeAll<TBlock>(ReadOnlySpan<byte> blocks, Span<float> values) where TBlock : struct, IBlock
    {
        for (int block = 0; block < blocks.Length / TBlock.Bytes; block++)
        {
            TBlock.Decode(blocks.Slice(block * TBlock.Bytes, TBlock.Bytes), values.Slice(block * TBlock.Elements, TBlock.Elements));
        }
    }
}
