using System.Runtime.InteropServices;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tests.Checkpoints;
using Keyhole.Engine.Tests.Models;
using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class GgufF32WriterTests
{
    [Fact]
    public void Every_kind_of_metadata_is_kept_in_its_order()
    {
        GgufBuilder builder = new GgufBuilder { Alignment = 64 }
            .Key("general.alignment", 64u).Key("general.file_type", 3u)
            .Key("u8", 0, w => w.Write((byte)200)).Key("i8", 1, w => w.Write((sbyte)-5)).Key("u16", 2, w => w.Write((ushort)60000)).Key("i16", 3, w => w.Write((short)-300))
            .Key("u32", 4_000_000_000u).Key("i32", 5, w => w.Write(-7)).Key("f32", 6, w => w.Write(1.5f)).Key("bool", 7, w => w.Write((byte)1))
            .Key("text", "größer").Key("u64", 10, w => w.Write(ulong.MaxValue)).Key("i64", 11, w => w.Write(-9L)).Key("f64", 12, w => w.Write(0.1))
            .Key("texts", ["a", "", "ß"]).Key("none", [])
            .Key("bools", 9, w => { w.Write(7u); w.Write(2UL); w.Write((byte)0); w.Write((byte)1); })
            .Key("nested", 9, w => { w.Write(9u); w.Write(1UL); w.Write(0u); w.Write(2UL); w.Write((byte)3); w.Write((byte)4); })
            .Tensor("w", [3], 0, MemoryMarshal.AsBytes<float>([1, 2, 3]).ToArray()).Tensor("v", [1], 0, MemoryMarshal.AsBytes<float>([4]).ToArray());
        using var folder = new TemporaryFolder();
        using GgufFile before = GgufFile.Open(folder.Write("a.gguf", builder.Build()));
        GgufF32Writer.Convert(before.Path, folder.File("b.gguf"), TestContext.Current.CancellationToken);
        using GgufFile after = GgufFile.Open(folder.File("b.gguf"));

        Assert.Equal((3, 0L, 3L), (after.Version, after.GetInt64("general.file_type"), before.GetInt64("general.file_type")));
        Assert.Equal(before.Metadata.Keys, after.Metadata.Keys);
        foreach ((string key, object value) in before.Metadata.Where(pair => pair.Key != "general.file_type"))
        {
            Assert.IsType(value.GetType(), after.Metadata[key]);
            Assert.Equal(value, after.Metadata[key]);
        }

        AssertSameNumbers(before, after);
        Assert.All(after.Tensors.Values, tensor => Assert.Equal(0, tensor.Offset % 64));
    }

    [Theory]
    [InlineData(0, 1024)]    // F32
    [InlineData(1, 512)]     // F16
    [InlineData(30, 512)]    // BF16
    [InlineData(2, 144)]     // Q4_0
    [InlineData(3, 160)]     // Q4_1
    [InlineData(8, 272)]     // Q8_0
    [InlineData(14, 210)]    // Q6_K
    public void Numbers_are_those_that_the_engine_reads_to_the_bit(uint type, int bytesOf256)
    {
        byte[] bytes = new byte[3 * bytesOf256];
        new Random(1).NextBytes(bytes);   // NaN and infinities among the numbers
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.gguf", new GgufBuilder().Key("general.architecture", "none").Tensor("w", [256, 3], type, bytes).Tensor("scalar", [], 0, [0, 0, 128, 63]).Build());
        AssertSameWrittenAgain(path, folder.File("b.gguf"));
    }

    [Fact]
    public void A_tensor_larger_than_what_is_converted_at_once_is_whole()
    {
        float[] values = [.. Enumerable.Range(0, (1 << 20) + 257).Select(i => (float)i)];
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.gguf", new GgufBuilder().Key("general.architecture", "none").Tensor("w", [(ulong)values.Length], 0, MemoryMarshal.AsBytes<float>(values).ToArray()).Build());
        AssertSameWrittenAgain(path, folder.File("b.gguf"));
    }

    [Fact]
    public void A_model_in_blocks_of_four_bits_is_still_a_model_with_its_tokens()
    {
        string[] pieces = ["<unk>", "<s>", "</s>", "▁", "K", "▁größer", "ey", "s"];
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.gguf", TinyGguf.Build(typeOf: name => name.Contains("ffn", StringComparison.Ordinal) ? (3u, 160) : (0u, 1024))
            .Key("tokenizer.ggml.model", "llama")
            .Key("tokenizer.ggml.tokens", pieces)
            .Key("tokenizer.ggml.scores", 9, writer => { writer.Write(6u); writer.Write((ulong)pieces.Length); Array.ForEach(pieces, piece => writer.Write(-1f - piece.Length)); })
            .Key("tokenizer.ggml.token_type", 9, writer => { writer.Write(5u); writer.Write((ulong)pieces.Length); Array.ForEach([2, 3, 3, 1, 1, 1, 1, 1], writer.Write); })
            .Key("tokenizer.ggml.bos_token_id", 1u)
            .Build());
        AssertSameWrittenAgain(path, folder.File("b.gguf"));
        AssertSameTokens(path, folder.File("b.gguf"));
        using Model before = Model.Open(path);
        using Model after = Model.Open(folder.File("b.gguf"));
        Assert.Equal((before.Spec.LayerCount, before.Spec.Width, before.Spec.VocabularySize), (after.Spec.LayerCount, after.Spec.Width, after.Spec.VocabularySize));
    }

    [Fact]
    public void A_split_file_becomes_one_whole_file()
    {
        using var folder = new TemporaryFolder();
        string first = folder.Write("m-00001-of-00002.gguf", Part(0, "a", 1).Key("general.name", "both").Build());
        folder.Write("m-00002-of-00002.gguf", Part(1, "b", 2).Build());
        AssertSameWrittenAgain(first, folder.File("whole.gguf"));
        using GgufFile whole = GgufFile.Open(folder.File("whole.gguf"));
        Assert.Equal(["a", "b"], whole.Tensors.Keys);
        Assert.Equal(["general.name"], whole.Metadata.Keys);

        static GgufBuilder Part(ushort number, string tensor, float value)
            => new GgufBuilder().Key("split.no", number).Key("split.count", (ushort)2).Tensor(tensor, [1], 0, MemoryMarshal.AsBytes<float>([value]).ToArray());
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("gpt2")]
    [InlineData("gemma2")]
    [InlineData("mixtral")]
    public void Models_of_the_conformance_set_keep_numbers_and_tokens(string name)
    {
        string path = SharedData.Require("conformance", "gguf", name + ".gguf");
        using var folder = new TemporaryFolder();
        string again = folder.File("again.gguf");
        AssertSameWrittenAgain(path, again);
        AssertSameTokens(path, again);
        using Model model = Model.Open(again);
        Assert.All(model.Checkpoint.Tensors.Values, tensor => Assert.Equal(StorageType.F32, tensor.Type));
    }

    [Fact]
    public void A_file_is_not_written_over_itself()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = TinyGguf.Build().Build();
        string path = folder.Write("a.gguf", bytes);
        File.CreateSymbolicLink(folder.File("link.gguf"), path);
        foreach (string output in (string[])[path, Path.Combine(folder.Path, ".", "a.gguf"), folder.File("link.gguf")])
        {
            Assert.Contains("is being read", Assert.Throws<BenchmarkFailedException>(() => GgufF32Writer.Convert(path, output, TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
        }

        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Fact]
    public void One_that_is_stopped_leaves_no_half()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.gguf", TinyGguf.Build().Build());
        Assert.Throws<OperationCanceledException>(() => GgufF32Writer.Convert(path, folder.File("b.gguf"), new CancellationToken(canceled: true)));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
    }

    private static void AssertSameWrittenAgain(string path, string again)
    {
        GgufF32Writer.Convert(path, again, TestContext.Current.CancellationToken);
        using GgufFile before = GgufFile.Open(path);
        using GgufFile after = GgufFile.Open(again);
        Assert.Equal(before.Metadata.Keys.Where(key => !key.StartsWith("split.", StringComparison.Ordinal)), after.Metadata.Keys);
        AssertSameNumbers(before, after);
    }

    private static void AssertSameTokens(string path, string again)
    {
        const string Text = "Keys are patterns, größer als 1,234 — and\n\tso on.";
        int[] ids = TokenizerLoader.Load(path).Encode(Text).Ids;
        Assert.NotEmpty(ids);
        Assert.Equal(ids, TokenizerLoader.Load(again).Encode(Text).Ids);
    }

    private static void AssertSameNumbers(GgufFile before, GgufFile after)
    {
        Assert.Equal(before.Tensors.Keys, after.Tensors.Keys);
        foreach ((string name, TensorInfo tensor) in before.Tensors)
        {
            TensorInfo again = after.Tensors[name];
            Assert.Equal(StorageType.F32, again.Type);
            Assert.Equal(tensor.Shape, again.Shape);
            Assert.True(Read(before, tensor).SequenceEqual(Read(after, again)), $"{name} has other numbers");
        }
    }

    private static int[] Read(GgufFile file, TensorInfo tensor)
    {
        float[] values = new float[tensor.ElementCount];
        file.ReadFloats(tensor, 0, values);
        return MemoryMarshal.Cast<float, int>(values).ToArray();
    }
}
