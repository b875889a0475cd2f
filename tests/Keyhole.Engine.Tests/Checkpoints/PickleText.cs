using System.Buffers.Binary;
using System.Text;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Writes pickles opcode by opcode, and the container of torch.save before PyTorch 1.6 around them.</summary>
internal sealed class PickleText
{
    private readonly List<byte> _bytes = [];

    /// <summary>The opcodes of a storage with one float tensor of shape [<paramref name="count"/>] on it.</summary>
    public static PickleText Tensor(string key, long count) => new PickleText()
        .Raw("ctorch._utils\n_rebuild_tensor_v2\n").Raw("(").Storage(key, count).Raw("K\0").Long(count).Raw([0x85]).Raw("K\u0001").Raw([0x85, 0x89]).Raw("}tR");

    /// <summary>A file whose object is this pickle (with its STOP), with storages of floats.</summary>
    public static byte[] Legacy(PickleText pickle, params (string Key, float[] Values)[] storages)
    {
        PickleText file = new PickleText().Raw([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]).Raw(".")
            .Raw([0x80, 2]).Raw("M").Raw([0xE9, 3]).Raw(".")
            .Raw([0x80, 2]).Raw("}").Text("little_endian").Raw([0x88]).Raw("s.")
            .Raw(pickle.Build())
            .Raw([0x80, 2]).Raw("]");
        foreach ((string key, _) in storages)
        {
            file.Text(key).Raw("a");
        }
        file.Raw(".");
        foreach ((_, float[] values) in storages)
        {
            file.Int64(values.Length);
            Array.ForEach(values, value => file.Raw(BitConverter.GetBytes(value)));
        }
        return file.Build();
    }

    /// <summary>A state dict {"w": a tensor of <paramref name="count"/> elements of storage 0}.</summary>
    public static PickleText StateDict(long count) => new PickleText().Raw([0x80, 2]).Raw("}").Text("w").Raw(Tensor("0", count).Build()).Raw("s.");

    public PickleText Raw(byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>Characters up to U+00FF as bytes.</summary>
    public PickleText Raw(string latin) => Raw(Encoding.Latin1.GetBytes(latin));

    /// <summary>BINUNICODE.</summary>
    public PickleText Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, (uint)utf8.Length);
        return Raw("X").Raw(length).Raw(utf8);
    }

    /// <summary>LONG1 of 8 bytes.</summary>
    public PickleText Long(long value) => Raw([0x8A, 8]).Int64(value);

    /// <summary>The persistent id of a FloatStorage.</summary>
    public PickleText Storage(string key, long count) => Raw("(").Text("storage").Raw("ctorch\nFloatStorage\n").Text(key).Text("cpu").Long(count).Raw("NtQ");

    public byte[] Build() => [.. _bytes];

    private PickleText Int64(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(bytes);
    }
}
