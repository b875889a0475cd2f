using System.Text;
using Keyhole.Engine;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Damaged files are refused or read; nothing else happens, wherever the damage is.</summary>
public sealed class HostileFileTests
{
    private static readonly byte[] s_safetensors = SafetensorsText.Build(
        """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[16,22]}}""", 22);

    private static readonly byte[] s_gguf = new GgufBuilder()
        .Key("general.architecture", "llama").Key("general.alignment", 32u).Key("tokens", ["a", "bc"])
        .Key("nested", 9, w => { w.Write(9u); w.Write(1UL); w.Write(0u); w.Write(2UL); w.Write((byte)3); w.Write((byte)4); })
        .Tensor("t", [32, 2], 3, new byte[40]).Tensor("u", [8], 1, new byte[16]).Build();

    private static readonly byte[] s_legacy = PickleText.Legacy(PickleText.StateDict(2), ("0", [1, 2]));

    private static readonly byte[] s_zip = new ZipText().Entry("p/data.pkl", PickleText.StateDict(2).Build()).Entry("p/data/0", new byte[8]).Build();

    private static readonly byte[] s_zip64 = new ZipText { Zip64 = true }.Entry("p/data.pkl", PickleText.StateDict(2).Build()).Entry("p/data/0", new byte[8]).Build();

    public static TheoryData<string> Kinds => ["a.safetensors", "a.gguf", "legacy.pt", "zip.pt", "zip64.pt"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_shorter_file_is_refused(string name)
    {
        using TemporaryFolder folder = new();
        byte[] whole = Sample(name);
        ReadAll(folder.Write(name, whole));
        for (int length = 0; length < whole.Length; length++)
        {
            string path = folder.Write(name, whole[..length]);
            InputRefusedException error = Assert.Throws<InputRefusedException>(() => ReadAll(path));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_changed_byte_is_refused_or_read(string name)
    {
        using TemporaryFolder folder = new();
        byte[] whole = Sample(name);
        int refused = 0;
        for (int at = 0; at < whole.Length; at++)
        {
            foreach (byte flip in (ReadOnlySpan<byte>)[0x01, 0x02, 0x80, 0xFF])
            {
                byte[] changed = [.. whole];
                changed[at] ^= flip;
                refused += IsRefused(folder.Write(name, changed)) ? 1 : 0;
            }
        }
        Assert.InRange(refused, whole.Length, 4 * whole.Length);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Random_changes_of_many_bytes_are_refused_or_read(string name)
    {
        using TemporaryFolder folder = new();
        byte[] whole = Sample(name);
        Random random = new(11);
        int refused = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            byte[] changed = [.. whole];
            for (int k = random.Next(1, 6); k > 0; k--)
            {
                int at = random.Next(changed.Length - 8);
                byte[] value = BitConverter.GetBytes(random.Next(4) switch
                {
                    0 => long.MaxValue,
                    1 => -1L,
                    2 => random.NextInt64(),
                    _ => random.Next(300),
                });
                value.AsSpan(0, random.Next(1, 9)).CopyTo(changed.AsSpan(at));
            }
            refused += IsRefused(folder.Write(name, changed)) ? 1 : 0;
        }
        Assert.InRange(refused, 1000, 3000);
    }

    [Fact]
    public void Every_changed_byte_of_an_index_or_a_configuration_is_refused_or_read()
    {
        using TemporaryFolder folder = new();
        SafetensorsWriter.Write(folder.File("m1.safetensors"), "a", [1], [1f]);
        byte[] index = Encoding.UTF8.GetBytes("""{"weight_map":{"a":"m1.safetensors"},"metadata":{"x":[1,2.5e3,null,true]}}""");
        int refused = 0;
        for (int at = 0; at < index.Length; at++)
        {
            foreach (byte flip in (ReadOnlySpan<byte>)[0x01, 0x20, 0x80, 0xFF])
            {
                byte[] changed = [.. index];
                changed[at] ^= flip;
                refused += IsRefused(folder.Write("model.safetensors.index.json", changed)) ? 1 : 0;
                folder.Write("config.json", changed);
                refused += IsRefused(() => _ = ModelConfig.Load(folder.Path).GetObject("weight_map")?.GetString("a", "")) ? 1 : 0;
            }
        }
        Assert.InRange(refused, index.Length, 8 * index.Length);
    }

    private static byte[] Sample(string name) => name switch
    {
        "a.gguf" => s_gguf,
        "legacy.pt" => s_legacy,
        "zip.pt" => s_zip,
        "zip64.pt" => s_zip64,
        _ => s_safetensors,
    };

    private static bool IsRefused(string path) => IsRefused(() => ReadAll(path.EndsWith(".json", StringComparison.Ordinal) ? Path.GetDirectoryName(path)! : path));

    private static bool IsRefused(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (InputRefusedException)
        {
            return true;
        }
    }

    private static void ReadAll(string path)
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        foreach (TensorInfo tensor in checkpoint.Tensors.Values)
        {
            Assert.InRange(tensor.ByteLength, 0, 1 << 20);
            Assert.Equal(tensor.ByteLength, checkpoint.RawBytes(tensor, 0, (int)tensor.ByteLength).Length);
            if (tensor.ElementCount < 1 << 20)
            {
                checkpoint.ReadFloats(tensor, 0, new float[tensor.ElementCount]);
            }
        }
    }
}
