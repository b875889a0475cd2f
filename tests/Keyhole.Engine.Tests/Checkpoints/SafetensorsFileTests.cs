using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

public sealed class SafetensorsFileTests
{
    [Fact]
    public void Lists_tensors_in_file_order_with_their_metadata()
    {
        using TemporaryFolder folder = new();
        using SafetensorsFile file = SafetensorsFile.Open(folder.Write("a.safetensors", SafetensorsText.Build(
            """{"b":{"dtype":"BF16","shape":[2,3],"data_offsets":[4,16]},"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"e":{"dtype":"I64","shape":[0,5],"data_offsets":[16,16]}}   """, 16)));
        Assert.Equal(["a", "b", "e"], file.Tensors.Keys);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal([2L, 3L], file.Tensors["b"].Shape);
        Assert.Equal(1, file.Tensors["a"].ElementCount);
        Assert.Equal(0, file.Tensors["e"].ElementCount);
        Assert.Equal(StorageType.BF16, file.Tensors["b"].Type);
        Assert.Equal([0, 1, 2, 3], file.RawBytes(file.Tensors["a"], 0, 4).ToArray());
        float[] values = new float[6];
        file.ReadFloats(file.Tensors["b"], 0, values);
        Assert.Equal(MemoryMarshal.Cast<byte, float>(new byte[] { 0, 0, 4, 5 })[0], values[0]);
    }

    [Fact]
    public void Unknown_types_are_listed_and_refused_when_read()
    {
        using TemporaryFolder folder = new();
        using Checkpoint file = Checkpoint.Open(folder.Write("a.safetensors", SafetensorsText.Build(
            """{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"I32","shape":[1],"data_offsets":[4,8]}}""", 8)));
        TensorInfo tensor = file.Require("a");
        Assert.Equal((StorageType.Unsupported, "F8_E4M3"), (tensor.Type, tensor.TypeName));
        Refused.With("KH1007", () => file.ReadFloats(tensor, 0, new float[1]), "'a'", "F8_E4M3", "BF16");
        Refused.With("KH1007", () => file.RequireReadable(file.Require("b")), "'b'", "I32");
    }

    [Theory]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""", 4)]              // JSON cut short
    [InlineData("KH1004", """[]""", 0)]
    [InlineData("KH1004", """{"a":7}""", 0)]
    [InlineData("KH1004", """{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[1]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551615]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}""", 4)]   // 4 * this is 4 if it wraps
    [InlineData("KH1004", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]
    [InlineData("KH1004", """{"a":{"dtype":"\ud800","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("KH1004", """{"__metadata__":{"a":1}}""", 0)]
    [InlineData("KH1004", """{"__metadata__":[]}""", 0)]
    [InlineData("KH1005", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8)]   // overlap
    [InlineData("KH1005", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12)]   // hole
    [InlineData("KH1005", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)]   // bytes of no tensor
    [InlineData("KH1003", """{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 12)]
    public void Damaged_headers_are_refused(string code, string header, int dataBytes)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("bad.safetensors", SafetensorsText.Build(header, dataBytes));
        Refused.With(code, () => Checkpoint.Open(path).Dispose(), "bad.safetensors");
    }

    [Fact]
    public void A_truncated_file_names_tensor_and_bytes()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("cut.safetensors", SafetensorsText.Build(
            """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"y":{"dtype":"F32","shape":[4],"data_offsets":[4,20]}}""", 10));
        Refused.With("KH1003", () => Checkpoint.Open(path).Dispose(), "cut.safetensors", "'y'", "needs 16 bytes", "has 6 there");
    }

    [Fact]
    public void Deep_or_long_or_invalid_headers_are_refused()
    {
        using TemporaryFolder folder = new();
        string nested = string.Concat(Enumerable.Repeat("[", 100_000));
        Refused.With("KH1004", () => Checkpoint.Open(folder.Write("a.safetensors", SafetensorsText.Build($$"""{"a":{{nested}}""", 0))).Dispose());
        Refused.With("KH1004", () => Checkpoint.Open(folder.Write("b.safetensors", [255, 255, 255, 255, 255, 255, 255, 255, (byte)'{'])).Dispose(), "100000000");
        Refused.With("KH1003", () => Checkpoint.Open(folder.Write("c.safetensors", [100, 0, 0, 0, 0, 0, 0, 0, (byte)'{'])).Dispose(), "needs 100 bytes", "has 1 there");
        Refused.With("KH1004", () => Checkpoint.Open(folder.Write("d.safetensors", [4, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xFF, 0xFE, (byte)'}'])).Dispose(), "UTF-8");
        Refused.With("KH1003", () => Checkpoint.Open(folder.Write("e.safetensors", [])).Dispose(), "empty");
        Refused.With("KH1001", () => Checkpoint.Open(folder.File("missing.safetensors")).Dispose(), "missing.safetensors");
        Refused.With("KH1002", () => Checkpoint.Open(folder.Write("f.safetensors", [.. "version https://git-lfs.github.com/spec/v1\n"u8])).Dispose(), "git lfs pull");
        Refused.With("KH1002", () => Checkpoint.Open(folder.Write("g.bin", [1, 2, 3])).Dispose(), ".gguf");
    }

    [Fact]
    public void Missing_names_come_with_the_nearest_ones()
    {
        using Checkpoint file = Checkpoint.Open(CheckpointGolden.File("ggml-blocks.safetensors"));
        Refused.With("KH1008", () => file.Require("Q4_1.valuse"), "'Q4_1.valuse'", "nearest: 'Q4_1.values'");
        Refused.With("KH1009", () => file.RequireShape(file.Require("F32.values"), 24, 32), "'F32.values'", "[768]", "[24, 32]");
        file.RequireShape(file.Require("F32.values"), 768);
        Refused.With("KH1008", () => file.RequireNames(["F32.raw", "wte", "wpe"], name => !name.StartsWith("Q4", StringComparison.Ordinal)),
            "2 missing ('wpe', 'wte')", "6 unknown ('Q4_0.raw'");
        file.RequireNames(["F32.raw"], _ => true);
    }

    [Fact]
    public void Names_in_messages_are_bounded_and_printable()
    {
        using TemporaryFolder folder = new();
        string name = "a\\u001b[31m" + new string('x', 10_000);
        string path = folder.Write("a.safetensors", SafetensorsText.Build($$$"""{"{{{name}}}":{"dtype":"F32","shape":[9],"data_offsets":[0,4]}}""", 4));
        InputRefusedException error = Assert.Throws<InputRefusedException>(() => Checkpoint.Open(path).Dispose());
        Assert.InRange(error.Message.Length, 100, 600);
        Assert.DoesNotContain(error.Message, char.IsControl);
    }

    [Fact]
    public void The_hash_is_that_of_the_bytes_and_can_be_cancelled()
    {
        string path = CheckpointGolden.File("ggml-blocks.safetensors");
        using Checkpoint file = Checkpoint.Open(path);
        long done = 0;
        string hash = file.ContentHash((bytes, total) => done = Math.Min(bytes, total));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), hash);
        Assert.Equal(new FileInfo(path).Length, done);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => file.ContentHash(null, cancelled.Token));
    }
}
