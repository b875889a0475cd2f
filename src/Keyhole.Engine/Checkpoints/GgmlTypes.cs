namespace Keyhole.Engine.Checkpoints;

/// <summary>GGML's numbers for storage types, with the block sizes of those that are only listed.</summary>
internal static class GgmlTypes
{
    /// <summary>Name, storage type and, where it is known, block size of a GGML type number.</summary>
    public static GgmlType Of(uint number) => number switch
    {
        0 => Read(StorageType.F32),
        1 => Read(StorageType.F16),
        2 => Read(StorageType.Q4_0),
        3 => Read(StorageType.Q4_1),
        4 => new("Q4_2", StorageType.Unsupported, null),
        5 => new("Q4_3", StorageType.Unsupported, null),
        6 => Read(StorageType.Q5_0),
        7 => Read(StorageType.Q5_1),
        8 => Read(StorageType.Q8_0),
        9 => Listed("Q8_1", 32, 36),
        10 => Read(StorageType.Q2_K),
        11 => Read(StorageType.Q3_K),
        12 => Read(StorageType.Q4_K),
        13 => Read(StorageType.Q5_K),
        14 => Read(StorageType.Q6_K),
        15 => Listed("Q8_K", 256, 292),
        16 => Listed("IQ2_XXS", 256, 66),
        17 => Listed("IQ2_XS", 256, 74),
        18 => Listed("IQ3_XXS", 256, 98),
        19 => Listed("IQ1_S", 256, 50),
        20 => Read(StorageType.IQ4_NL),
        21 => Listed("IQ3_S", 256, 110),
        22 => Listed("IQ2_S", 256, 82),
        23 => Read(StorageType.IQ4_XS),
        24 => Read(StorageType.I8),
        25 => Read(StorageType.I16),
        26 => Read(StorageType.I32),
        27 => Read(StorageType.I64),
        28 => Read(StorageType.F64),
        29 => Listed("IQ1_M", 256, 56),
        30 => Read(StorageType.BF16),
        31 => new("Q4_0_4_4", StorageType.Unsupported, null),
        32 => new("Q4_0_4_8", StorageType.Unsupported, null),
        33 => new("Q4_0_8_8", StorageType.Unsupported, null),
        34 => Listed("TQ1_0", 256, 54),
        35 => Listed("TQ2_0", 256, 66),
        36 => new("IQ4_NL_4_4", StorageType.Unsupported, null),
        37 => new("IQ4_NL_4_8", StorageType.Unsupported, null),
        38 => new("IQ4_NL_8_8", StorageType.Unsupported, null),
        39 => Listed("MXFP4", 32, 17),
        40 => Listed("NVFP4", 64, 36),
        _ => new("an unknown type", StorageType.Unsupported, null),
    };

    private static GgmlType Read(StorageType type) => new(type.ToString(), type, StorageFormat.Of(type));

    private static GgmlType Listed(string name, int elements, int bytes) => new(name, StorageType.Unsupported, new StorageFormat(elements, bytes, null));
}
