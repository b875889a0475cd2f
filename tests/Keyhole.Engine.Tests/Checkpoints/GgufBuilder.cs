using System.Text;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Writes small GGUF files for tests, right ones and wrong ones.</summary>
internal sealed class GgufBuilder
{
    private readonly List<Action<BinaryWriter>> _keys = [];
    private readonly List<(string Name, ulong[] Dimensions, uint Type, byte[] Bytes, ulong? Offset)> _tensors = [];

    public uint Version { get; init; } = 3;

    public int Alignment { get; init; } = 32;

    /// <summary>A metadata value of GGUF type <paramref name="type"/>.</summary>
    public GgufBuilder Key(string key, uint type, Action<BinaryWriter> value)
    {
        _keys.Add(writer =>
        {
            Text(writer, key);
            writer.Write(type);
            value(writer);
        });
        return this;
    }

    public GgufBuilder Key(string key, string value) => Key(key, 8, writer => Text(writer, value));

    public GgufBuilder Key(string key, uint value) => Key(key, 4, writer => writer.Write(value));

    public GgufBuilder Key(string key, ushort value) => Key(key, 2, writer => writer.Write(value));

    public GgufBuilder Key(string key, string[] values) => Key(key, 9, writer =>
    {
        writer.Write(8u);
        writer.Write((ulong)values.Length);
        Array.ForEach(values, value => Text(writer, value));
    });

    /// <summary>A tensor; <paramref name="dimensions"/> innermost first, as in the file. <paramref name="offset"/> replaces the right one.</summary>
    public GgufBuilder Tensor(string name, ulong[] dimensions, uint type, byte[] bytes, ulong? offset = null)
    {
        _tensors.Add((name, dimensions, type, bytes, offset));
        return this;
    }

    public byte[] Build()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_keys.Count);
        _keys.ForEach(key => key(writer));
        ulong offset = 0;
        foreach ((string name, ulong[] dimensions, uint type, byte[] bytes, ulong? wrongOffset) in _tensors)
        {
            Text(writer, name);
            writer.Write((uint)dimensions.Length);
            Array.ForEach(dimensions, writer.Write);
            writer.Write(type);
            writer.Write(wrongOffset ?? offset);
            offset += (ulong)(bytes.Length + Padding(bytes.Length));
        }
        foreach ((_, _, _, byte[] bytes, _) in _tensors)
        {
            writer.Write(new byte[Padding((int)stream.Length)]);
            writer.Write(bytes);
        }
        return stream.ToArray();
    }

    /// <summary>A string as GGUF writes it.</summary>
    public static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private int Padding(int length) => (Alignment - (length % Alignment)) % Alignment;
}
