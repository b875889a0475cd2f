namespace Keyhole.Engine.Checkpoints;

/// <summary>How the elements of a tensor are stored in a checkpoint.</summary>
/// <remarks>
/// <see cref="Checkpoint.ReadFloats"/> reads F32, F16, BF16, F64 and the GGML block types (Q..., IQ4_...). The others are listed,
/// and their bytes can be copied with <see cref="Checkpoint.RawBytes"/>.
/// </remarks>
public enum StorageType
{
    /// <summary>A type that is not in this list; <see cref="TensorInfo.TypeName"/> says which.</summary>
    Unsupported,
    /// <summary>IEEE 754 binary32.</summary>
    F32,
    /// <summary>IEEE 754 binary16.</summary>
    F16,
    /// <summary>The upper 16 bits of a binary32.</summary>
    BF16,
    /// <summary>IEEE 754 binary64.</summary>
    F64,
    /// <summary>Signed, 8 bits.</summary>
    I8,
    /// <summary>Signed, 16 bits.</summary>
    I16,
    /// <summary>Signed, 32 bits.</summary>
    I32,
    /// <summary>Signed, 64 bits.</summary>
    I64,
    /// <summary>Unsigned, 8 bits.</summary>
    U8,
    /// <summary>Unsigned, 16 bits.</summary>
    U16,
    /// <summary>Unsigned, 32 bits.</summary>
    U32,
    /// <summary>Unsigned, 64 bits.</summary>
    U64,
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    /// <summary>32 elements: 4 bits, a scale.</summary>
    Q4_0,
    /// <summary>32 elements: 4 bits, a scale and a minimum.</summary>
    Q4_1,
    /// <summary>32 elements: 5 bits, a scale.</summary>
    Q5_0,
    /// <summary>32 elements: 5 bits, a scale and a minimum.</summary>
    Q5_1,
    /// <summary>32 elements: 8 bits, a scale.</summary>
    Q8_0,
    /// <summary>256 elements: 2 bits, 16 scales and minima of 4 bits.</summary>
    Q2_K,
    /// <summary>256 elements: 3 bits, 16 scales of 6 bits.</summary>
    Q3_K,
    /// <summary>256 elements: 4 bits, 8 scales and minima of 6 bits.</summary>
    Q4_K,
    /// <summary>256 elements: 5 bits, 8 scales and minima of 6 bits.</summary>
    Q5_K,
    /// <summary>256 elements: 6 bits, 16 scales of 8 bits.</summary>
    Q6_K,
    /// <summary>32 elements: 4 bits into a table of 16 levels, a scale.</summary>
    IQ4_NL,
    /// <summary>256 elements: 4 bits into the table of IQ4_NL, 8 scales of 6 bits.</summary>
    IQ4_XS,
}
