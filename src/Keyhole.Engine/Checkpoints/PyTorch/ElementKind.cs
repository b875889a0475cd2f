namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>What the elements of a PyTorch storage are.</summary>
/// <param name="Type">Storage type; <see cref="StorageType.Unsupported"/> for one that is listed only.</param>
/// <param name="Name">Its name in listings.</param>
/// <param name="Bytes">Bytes of an element.</param>
internal sealed record ElementKind(StorageType Type, string Name, int Bytes)
{
    /// <summary>The kind that a storage class stands for; null where it is not known.</summary>
    /// <remarks>The classes: https://pytorch.org/docs/stable/storage.html.</remarks>
    public static ElementKind? OfStorageClass(string name) => name switch
    {
        "torch.FloatStorage" => Of(StorageType.F32),
        "torch.HalfStorage" => Of(StorageType.F16),
        "torch.BFloat16Storage" => Of(StorageType.BF16),
        "torch.DoubleStorage" => Of(StorageType.F64),
        "torch.LongStorage" => Of(StorageType.I64),
        "torch.IntStorage" => Of(StorageType.I32),
        "torch.ShortStorage" => Of(StorageType.I16),
        "torch.CharStorage" => Of(StorageType.I8),
        "torch.ByteStorage" or "torch.storage.UntypedStorage" or "torch.UntypedStorage" => Of(StorageType.U8),
        "torch.BoolStorage" => Of(StorageType.Bool),
        "torch.ComplexFloatStorage" => new(StorageType.Unsupported, "complex64", 8),
        "torch.ComplexDoubleStorage" => new(StorageType.Unsupported, "complex128", 16),
        "torch.QInt8Storage" => new(StorageType.Unsupported, "qint8", 1),
        "torch.QUInt8Storage" => new(StorageType.Unsupported, "quint8", 1),
        "torch.QInt32Storage" => new(StorageType.Unsupported, "qint32", 4),
        _ => null,
    };

    /// <summary>The kind of a dtype that newer files name beside an untyped storage; null where it is not known.</summary>
    public static ElementKind? OfDtype(string name) => name switch
    {
        "torch.float32" => Of(StorageType.F32),
        "torch.float16" => Of(StorageType.F16),
        "torch.bfloat16" => Of(StorageType.BF16),
        "torch.float64" => Of(StorageType.F64),
        "torch.int64" => Of(StorageType.I64),
        "torch.int32" => Of(StorageType.I32),
        "torch.int16" => Of(StorageType.I16),
        "torch.int8" => Of(StorageType.I8),
        "torch.uint64" => Of(StorageType.U64),
        "torch.uint32" => Of(StorageType.U32),
        "torch.uint16" => Of(StorageType.U16),
        "torch.uint8" => Of(StorageType.U8),
        "torch.bool" => Of(StorageType.Bool),
        "torch.float8_e4m3fn" or "torch.float8_e5m2" or "torch.float8_e4m3fnuz" or "torch.float8_e5m2fnuz" or "torch.float8_e8m0fnu"
            => new(StorageType.Unsupported, name["torch.".Length..], 1),
        _ => null,
    };

    private static ElementKind Of(StorageType type) => new(type, type.ToString(), StorageFormat.Of(type)!.BlockBytes);
}
