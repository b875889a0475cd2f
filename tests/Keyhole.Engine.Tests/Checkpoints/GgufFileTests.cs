using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

public sealed class GgufFileTests
{
    [Fact]
    public void Every_kind_of_metadata_is_read()
    {
        GgufBuilder builder = new GgufBuilder { Version = 2 }
            .Key("u8", 0, w => w.Write((byte)200)).Key("i8", 1, w => w.Write((sbyte)-5)).Key("u16", 2, w => w.Write((ushort)60000)).Key("i16", 3, w => w.Write((short)-300))
            .Key("u32", 4_000_000_000u).Key("i32", 5, w => w.Write(-7)).Key("f32", 6, w => w.Write(1.5f)).Key("bool", 7, w => w.Write((byte)1))
            .Key("text", "größer").Key("u64", 10, w => w.Write(ulong.MaxValue)).Key("i64", 11, w => w.Write(-9L)).Key("f64", 12, w => w.Write(0.1))
            .Key("texts", ["a", "", "b"])
            .Key("ints", 9, w => { w.Write(5u); w.Write(3UL); w.Write(1); w.Write(-2); w.Write(3); })
            .Key("floats", 9, w => { w.Write(6u); w.Write(2UL); w.Write(0.5f); w.Write(-1f); })
            .Key("bools", 9, w => { w.Write(7u); w.Write(2UL); w.Write((byte)0); w.Write((byte)1); })
            .Key("nested", 9, w => { w.Write(9u); w.Write(1UL); w.Write(0u); w.Write(2UL); w.Write((byte)3); w.Write((byte)4); });
        using TemporaryFolder folder = new();
        using GgufFile file = GgufFile.Open(folder.Write("m.gguf", builder.Build()));

        Assert.Equal(2, file.Version);
        Assert.Empty(file.Tensors);
        Assert.Equal(17, file.Metadata.Count);
        Assert.Equal((200L, -5L, 60000L, -300L), (file.GetInt64("u8"), file.GetInt64("i8"), file.GetInt64("u16"), file.GetInt64("i16")));
        Assert.Equal((4_000_000_000L, -7L, -9L, 42L), (file.GetInt64("u32"), file.GetInt64("i32"), file.GetInt64("i64"), file.GetInt64("none", 42)));
        Assert.Equal((1.5, 0.1, -7.0, (double)ulong.MaxValue), (file.GetDouble("f32"), file.GetDouble("f64"), file.GetDouble("i32"), file.GetDouble("u64")));
        Assert.Equal((true, true, "größer", "x"), (file.GetBool("bool"), file.GetBool("none", true), file.GetString("text"), file.GetString("none", "x")));
        Assert.Equal(["a", "", "b"], file.GetArray<string>("texts").ToArray());
        Assert.Equal([1, -2, 3], file.GetArray<int>("ints").ToArray());
        Assert.Equal([1L, -2L, 3L], file.GetInt64s("ints"));
        Assert.Equal([-7L], file.GetInt64s("i32"));
        Assert.Equal([0.5f, -1f], file.GetArray<float>("floats").ToArray());
        Assert.Equal([false, true], file.GetArray<bool>("bools").ToArray());
        Assert.Equal([3, 4], Assert.IsType<byte[]>(Assert.Single(Assert.IsType<object[]>(file.Metadata["nested"]))));

        Refused.With("KH1015", () => file.GetInt64("u64"), "'u64'", "UInt64");
        Refused.With("KH1015", () => file.GetString("u32"), "'u32'", "UInt32", "a string");
        Refused.With("KH1015", () => file.GetBool("u8"), "'u8'");
        Refused.With("KH1015", () => file.GetArray<uint>("ints"), "'ints'", "Int32[]");
        Refused.With("KH1015", () => file.GetInt64s("texts"), "'texts'");
        Refused.With("KH1015", () => file.GetDouble("f6"), "'f6'", "nearest: 'f64'");
    }

    [Fact]
    public void Shapes_are_outermost_first_and_files_without_extension_open()
    {
        using TemporaryFolder folder = new();
        byte[] bytes = new byte[3 * 2 * 20];
        using Checkpoint file = Checkpoint.Open(folder.Write("blob", new GgufBuilder().Tensor("w", [64, 3], 3, bytes).Tensor("v", [5], 0, new byte[20]).Tensor("s", [], 0, new byte[4]).Build()));
        Assert.IsType<GgufFile>(file);
        Assert.Equal(["w", "v", "s"], file.Tensors.Keys);
        TensorInfo tensor = file.Require("w");
        Assert.Equal([3L, 64L], tensor.Shape);
        Assert.Equal((StorageType.Q4_1, 120L, 0L, 3u), (tensor.Type, tensor.ByteLength, tensor.Offset % 32, tensor.GgmlType));
        Assert.Equal(1, file.Require("s").ElementCount);
    }

    [Theory]
    [InlineData(22, "IQ2_S", 256, 82)]
    [InlineData(39, "MXFP4", 32, 17)]
    [InlineData(34, "TQ1_0", 256, 54)]
    [InlineData(31, "Q4_0_4_4", 32, 18)]
    [InlineData(99, "an unknown type", 32, 40)]
    public void Other_types_are_listed_and_named_when_read(uint number, string name, int elements, int blockBytes)
    {
        using TemporaryFolder folder = new();
        using Checkpoint file = Checkpoint.Open(folder.Write("m.gguf", new GgufBuilder()
            .Tensor("blk.0.ffn_up.weight", [(ulong)elements], number, new byte[blockBytes]).Tensor("f", [8], 0, new byte[32]).Build()));
        TensorInfo tensor = file.Require("blk.0.ffn_up.weight");
        Assert.Equal(name, tensor.TypeName);
        Assert.InRange(tensor.ByteLength, blockBytes, blockBytes + 31);
        Refused.With("KH1007", () => file.ReadFloats(tensor, 0, new float[1]), "'blk.0.ffn_up.weight'", $"{name} (GGML type {number})", "IQ4_XS");
        Refused.With("KH1007", () => file.RequireReadable(tensor), name);
        file.ReadFloats(file.Require("f"), 0, new float[8]);
    }

    [Fact]
    public void Damaged_heads_are_refused()
    {
        using TemporaryFolder folder = new();
        void Check(string code, byte[] bytes, params string[] parts) => Refused.With(code, () => Checkpoint.Open(folder.Write("bad.gguf", bytes)).Dispose(), ["bad.gguf", .. parts]);

        Check("KH1004", [.. "GGUV"u8, 3, 0, 0, 0]);
        Check("KH1006", new GgufBuilder { Version = 1 }.Build(), "version 1");
        Check("KH1006", new GgufBuilder { Version = 4 }.Build(), "version 4");
        Check("KH1006", new GgufBuilder { Version = 0x03000000 }.Build(), "big-endian");
        Check("KH1004", new GgufBuilder().Key("a", 1u).Key("a", 2u).Build(), "'a' twice");
        Check("KH1004", new GgufBuilder().Key("a", 13, _ => { }).Key("b", "padding").Build(), "'a'", "type 13");
        Check("KH1004", new GgufBuilder().Key("general.alignment", 0u).Build(), "general.alignment");
        Check("KH1004", new GgufBuilder().Key("general.alignment", 24u).Build(), "general.alignment");
        Check("KH1004", new GgufBuilder().Key("general.alignment", "32").Build(), "general.alignment");
        Check("KH1003", new GgufBuilder().Key("s", 8, w => w.Write(ulong.MaxValue)).Build(), "'s'", "18446744073709551615");
        Check("KH1003", new GgufBuilder().Key("s", 9, w => { w.Write(12u); w.Write(1UL << 61); }).Build(), "'s'");
        Check("KH1003", new GgufBuilder().Key("s", 9, w => { w.Write(8u); w.Write(1UL << 31); }).Build(), "'s'");
        Check("KH1004", new GgufBuilder().Key("s", 9, w =>
        {
            for (int depth = 0; depth < 50; depth++)
            {
                w.Write(9u);
                w.Write(1UL);
            }
        }).Build(), "'s'", "nests");
        Check("KH1004", new GgufBuilder().Key("\u001b", 99u, _ => { }).Key("b", "padding").Build(), "\\u001B");
        Check("KH1005", new GgufBuilder().Tensor("t", [1], 0, new byte[4]).Tensor("t", [1], 0, new byte[4]).Build(), "two tensors 't'");
        Check("KH1005", new GgufBuilder().Tensor("t", [1, 1, 1, 1, 1], 0, new byte[4]).Build(), "'t'", "5 dimensions");
        Check("KH1005", new GgufBuilder().Tensor("t", [ulong.MaxValue], 0, new byte[4]).Build(), "'t'");
        Check("KH1005", new GgufBuilder().Tensor("t", [1UL << 40, 1UL << 40], 0, new byte[4]).Build(), "'t'", "[1099511627776, 1099511627776]");
        Check("KH1005", new GgufBuilder().Tensor("t", [(1UL << 62) + 1], 0, new byte[4]).Build(), "'t'");   // 4 * this is 4 if it wraps
        Check("KH1005", new GgufBuilder().Tensor("t", [33], 3, new byte[40]).Build(), "'t'", "blocks of 32", "Q4_1");
        Check("KH1005", new GgufBuilder().Tensor("t", [8], 0, new byte[32]).Tensor("u", [8], 0, new byte[32], offset: 0).Build(), "'u'", "inside tensor 't'");
        Check("KH1005", new GgufBuilder().Tensor("t", [8], 0, new byte[32]).Tensor("u", [8], 0, new byte[96], offset: 64).Build(), "'u'");
        Check("KH1005", new GgufBuilder().Tensor("t", [8], 0, new byte[64], offset: 4).Build(), "'t'");
        Check("KH1003", new GgufBuilder().Tensor("t", [8], 0, new byte[32], offset: 1UL << 63).Build(), "'t'");
        Check("KH1003", new GgufBuilder().Tensor("t", [8], 0, new byte[31]).Build(), "'t'", "needs 32 bytes", "has 31 there");
        Check("KH1003", [.. "GGUF"u8, 3, 0, 0, 0, 9, .. new byte[7], .. new byte[8], .. new byte[100]], "tensor table", "needs 9 elements");
        Check("KH1004", [.. "GGUF"u8, 3, 0, 0, 0, .. new byte[6], 1, 0, .. new byte[8]], "281474976710656 tensors");
        Check("KH1004", [.. "GGUF"u8, 3, 0, 0, 0, .. new byte[8], .. new byte[7], 1], "72057594037927936 metadata keys");
    }

    [Fact]
    public void Metadata_beyond_its_limit_is_refused_though_the_file_is_long_enough()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("long.gguf", new GgufBuilder().Key("s", 9, w => { w.Write(0u); w.Write(300UL << 20); }).Build());
        using (FileStream stream = new(path, FileMode.Open))
        {
            stream.SetLength(400L << 20);
        }
        Refused.With("KH1003", () => Checkpoint.Open(path).Dispose(), "'s'", "at most 268435456");
    }

    [Fact]
    public void Another_alignment_is_kept()
    {
        using TemporaryFolder folder = new();
        using Checkpoint file = Checkpoint.Open(folder.Write("m.gguf", new GgufBuilder { Alignment = 64 }.Key("general.alignment", 64u)
            .Tensor("t", [1], 0, [0, 0, 128, 63]).Tensor("u", [1], 0, [0, 0, 0, 64]).Build()));
        float[] value = new float[1];
        file.ReadFloats(file.Require("u"), 0, value);
        Assert.Equal(2f, value[0]);
        Assert.Equal(0, file.Require("u").Offset % 64);
    }

    [Fact]
    public void Any_part_of_a_split_file_opens_all()
    {
        using TemporaryFolder folder = new();
        byte[] Part(ushort number, string tensor) => new GgufBuilder().Key("general.name", $"part {number}").Key("split.no", number).Key("split.count", (ushort)2).Tensor(tensor, [1], 0, [0, 0, 128, 63]).Build();
        string first = folder.Write("m-00001-of-00002.gguf", Part(0, "a"));
        Refused.With("KH1011", () => Checkpoint.Open(first).Dispose(), "'m-00002-of-00002.gguf'");
        string second = folder.Write("m-00002-of-00002.gguf", Part(1, "b"));
        foreach (string path in new[] { first, second })
        {
            using GgufFile file = GgufFile.Open(path);
            Assert.Equal(["a", "b"], file.Tensors.Keys);
            Assert.Equal("part 0", file.GetString("general.name"));
            float[] value = new float[1];
            file.ReadFloats(file.Require("b"), 0, value);
            Assert.Equal(1f, value[0]);
        }
        folder.Write("m-00002-of-00002.gguf", Part(0, "b"));
        Refused.With("KH1011", () => Checkpoint.Open(first).Dispose(), "m-00002-of-00002.gguf", "split.no");
        folder.Write("m-00002-of-00002.gguf", Part(1, "a"));
        Refused.With("KH1005", () => Checkpoint.Open(first).Dispose(), "'a'", "two parts");
        Refused.With("KH1011", () => Checkpoint.Open(folder.Write("other.gguf", Part(0, "a"))).Dispose(), "-00001-of-00002.gguf");
    }

    [Fact]
    public void The_real_model_lists_its_tensors()
    {
        using GgufFile file = GgufFile.Open(SharedData.Require("models", "smollm2-135m-instruct.Q4_1.gguf"));
        Assert.Equal((3, 272, 33), (file.Version, file.Tensors.Count, file.Metadata.Count));
        Assert.Equal("llama", file.GetString("general.architecture"));
        Assert.Equal(30, file.GetInt64("llama.block_count"));
        Assert.Equal(49_152, file.GetArray<string>("tokenizer.ggml.tokens").Length);
        file.RequireShape(file.Require("blk.0.ffn_down.weight"), 576, 1536);
        Assert.Equal(StorageType.Q4_1, file.Require("blk.0.ffn_down.weight").Type);
        Assert.Equal("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", file.ContentHash());
    }

    [Fact]
    public void Every_small_reference_model_opens()
    {
        foreach (string path in Directory.EnumerateFiles(SharedData.Require("conformance", "gguf"), "*.gguf"))
        {
            using Checkpoint file = Checkpoint.Open(path);
            Assert.NotEmpty(file.Tensors);
            foreach (TensorInfo tensor in file.Tensors.Values)
            {
                file.ReadFloats(tensor, 0, new float[tensor.ElementCount]);
            }
        }
    }
}
