using System.Buffers.Binary;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Files that PyTorch 1.13.1 wrote (Golden/pytorch), and those of the reference kit.</summary>
public sealed class PyTorchFileTests
{
    private static readonly JsonElement s_values = JsonDocument.Parse(File.ReadAllText(Golden("values.json"))).RootElement;

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    public void Every_element_type_is_listed_and_floats_are_read(string container)
    {
        using var file = (PyTorchFile)Checkpoint.Open(Golden($"kinds.{container}.pt"));
        (string Name, StorageType Type)[] expected =
        [
            ("float32", StorageType.F32), ("float16", StorageType.F16), ("bfloat16", StorageType.BF16), ("float64", StorageType.F64), ("int64", StorageType.I64), ("int32", StorageType.I32),
            ("int16", StorageType.I16), ("int8", StorageType.I8), ("uint8", StorageType.U8), ("bool", StorageType.Bool), ("complex64", StorageType.Unsupported),
        ];
        Assert.Equal(expected.Order(), file.Tensors.Values.Select(tensor => (tensor.Name, tensor.Type)).Order());
        Assert.Null(file.Arguments);
        foreach (TensorInfo tensor in file.Tensors.Values.Where(tensor => tensor.Type != StorageType.Unsupported))
        {
            Assert.Equal([5L], tensor.Shape);
            Assert.Equal(Expected(tensor.Name), Values(file, tensor));
        }
        TensorInfo complex = file.Require("complex64");
        Assert.Equal(("complex64", 16L), (complex.TypeName, complex.ByteLength));
        Refused.With("KH1007", () => file.RequireReadable(complex), "complex64");
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    public void Views_are_read_as_what_they_show(string container)
    {
        using Checkpoint file = Checkpoint.Open(Golden($"views.{container}.pt"));
        Assert.Equal(12, file.Tensors.Count);
        foreach (TensorInfo tensor in file.Tensors.Values)
        {
            Assert.Equal(s_values.GetProperty(tensor.Name).GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()), tensor.Shape);
            Assert.Equal(Expected(tensor.Name), Values(file, tensor));
        }
        string[] strided = [.. file.Tensors.Values.Where(tensor => !tensor.Strides.IsDefault).Select(tensor => tensor.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(["column", "columns", "permuted", "transposed"], strided);
        Assert.Equal(file.Require("tied_a").Offset, file.Require("tied_b").Offset);
        Refused.With("KH1007", () => _ = file.RawBytes(file.Require("transposed"), 0, 4).Length, "'transposed'", "[1, 4]", "contiguous");
    }

    [Fact]
    public void A_part_of_a_view_equals_the_part_of_the_whole()
    {
        using Checkpoint file = Checkpoint.Open(Golden("views.zip.pt"));
        TensorInfo tensor = file.Require("permuted");
        float[] whole = Values(file, tensor);
        for (int start = 0; start <= whole.Length; start++)
        {
            for (int end = start; end <= whole.Length; end++)
            {
                float[] part = new float[end - start];
                file.ReadFloats(tensor, start, part);
                Assert.Equal(whole[start..end], part);
            }
        }
    }

    [Theory]
    [InlineData("expanded", "repeats its elements")]
    [InlineData("sparse", "torch._utils._rebuild_sparse_tensor")]
    [InlineData("note", "a string")]
    [InlineData("nothing", "None")]
    public void Entries_that_are_not_read_are_missed_only_where_they_are_needed(string name, string kind)
    {
        using Checkpoint file = Checkpoint.Open(Golden("views.zip.pt"));
        Assert.DoesNotContain(name, file.Tensors.Keys);
        Refused.With("KH1008", () => file.Require(name), $"'{name}'", kind);
        Refused.With("KH1008", () => file.RequireNames([.. file.Tensors.Keys, name]), kind);
    }

    [Theory]
    [InlineData("arguments.zip.pt")]
    [InlineData("arguments.legacy.pt")]
    [InlineData("cfg.zip.pt")]
    public void Arguments_are_read_as_a_configuration(string name)
    {
        using PyTorchFile file = PyTorchFile.Open(Golden(name));
        Assert.Equal(["bias", "weight"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        ModelConfig arguments = file.RequireArguments();
        Assert.Equal(Golden(name), arguments.File);
        Assert.Equal("transformer_lm", arguments.GetString("arch"));
        Assert.Equal(2, arguments.GetInt32("decoder_layers"));
        Assert.Equal(0.5, arguments.GetDouble("dropout"));
        Assert.True(arguments.GetBool("tie"));
        Assert.False(arguments.Has("none"));
        Assert.Equal([0.9, 0.98], arguments.GetDoubles("betas"));
        Assert.Equal("[1,[2,3]]", arguments.Get("widths")!.Value.GetRawText());
        Assert.Equal(1, arguments.GetObject("nested")!.GetInt32("a"));
        Assert.Equal("1180591620717411303424", arguments.Get("big")!.Value.GetRawText());
        Assert.Equal(-5, arguments.GetInt32("negative"));
        Assert.Equal(-(1L << 40), arguments.Get("small")!.Value.GetInt64());
        Assert.Equal("<torch.float16>", arguments.GetString("dtype"));
        Assert.Equal("<torch.device>", arguments.GetString("device"));
        Refused.With("KH1014", () => arguments.GetDouble("infinite"), "Infinity");
        Refused.With("KH1014", () => arguments.GetInt32("big"), name);
    }

    [Theory]
    [InlineData("protocol4.zip.pt")]
    [InlineData("protocol4.legacy.pt")]
    public void Protocol_4_is_read(string name)
    {
        using PyTorchFile file = PyTorchFile.Open(Golden(name));
        Assert.Equal(["weight", "bias"], file.Tensors.Keys.OrderDescending(StringComparer.Ordinal));
        Assert.Equal(Expected("module.weight"), Values(file, file.Require("weight")));
        Refused.With("KH1017", () => file.RequireArguments(), name, "neither 'args' nor 'cfg'");
    }

    [Theory]
    [InlineData("object.zip.pt", "'torch.nn.modules.linear.Linear'")]
    [InlineData("script.zip.pt", "TorchScript")]
    public void Files_of_something_else_are_refused(string name, string part)
        => Refused.With("KH1017", () => Checkpoint.Open(Golden(name)).Dispose(), name, part, "state_dict");

    [Theory]
    [InlineData("model.legacy.pt")]
    [InlineData("model.zip.pt")]
    public void The_reference_kits_fairseq_model_has_the_tensors_of_its_manifest(string name)
    {
        using PyTorchFile file = PyTorchFile.Open(SharedData.Require("conformance", "fairseq-tiny", name));
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(SharedData.Require("conformance", "fairseq-tiny", "manifest.json")));
        JsonElement expected = manifest.RootElement.GetProperty("state_dict");
        Assert.Equal(expected.EnumerateObject().Select(entry => entry.Name).Order(StringComparer.Ordinal), file.Tensors.Keys.Order(StringComparer.Ordinal));
        foreach (JsonProperty entry in expected.EnumerateObject())
        {
            TensorInfo tensor = file.Require(entry.Name);
            Assert.Equal(entry.Value[0].EnumerateArray().Select(size => size.GetInt64()), tensor.Shape);
            Assert.Equal(entry.Value[1].GetString() switch { "float32" => StorageType.F32, "int64" => StorageType.I64, _ => StorageType.Unsupported }, tensor.Type);
        }
        ModelConfig arguments = file.RequireArguments();
        Assert.Equal("transformer_lm_wiki103", arguments.GetString("arch"));
        Assert.Equal(4, arguments.GetInt32("decoder_layers"));
        Assert.Equal("200,600", arguments.GetString("adaptive_input_cutoff"));
        Assert.True(arguments.GetBool("tie_adaptive_proj"));
    }

    [Fact]
    public void Both_containers_of_the_reference_kit_hold_the_same_values()
    {
        using Checkpoint legacy = Checkpoint.Open(SharedData.Require("conformance", "fairseq-tiny", "model.legacy.pt"));
        using Checkpoint zip = Checkpoint.Open(SharedData.Require("conformance", "fairseq-tiny", "model.zip.pt"));
        foreach (TensorInfo tensor in legacy.Tensors.Values.Where(tensor => !tensor.Name.EndsWith("_float_tensor", StringComparison.Ordinal)))   // uninitialised memory
        {
            Assert.Equal(Bytes(legacy, tensor), Bytes(zip, zip.Require(tensor.Name)));
        }
        Assert.Equal(zip.Require("decoder.embed_tokens.embeddings.0.0.weight").Offset, zip.Require("decoder.adaptive_softmax.head.word_proj.weight").Offset);
        Assert.NotEqual(legacy.Require("decoder.embed_tokens.embeddings.0.0.weight").Offset, legacy.Require("decoder.adaptive_softmax.head.word_proj.weight").Offset);
    }

    [Fact]
    public void The_reference_opt_350m_opens_from_its_folder()
    {
        using Checkpoint file = Checkpoint.Open(SharedData.Require("conformance", "architectures", "opt-350m"));
        Assert.IsType<PyTorchFile>(file);
        file.RequireShape(file.Require("model.decoder.embed_tokens.weight"), 131, 24);
        Assert.All(file.Tensors.Values, tensor => Assert.All(Values(file, tensor), value => Assert.True(float.IsFinite(value))));
    }

    /// <summary>Path of a file in Golden/pytorch.</summary>
    internal static string Golden(string name) => Path.Combine(SharedData.Repository, "tests", "Keyhole.Engine.Tests", "Golden", "pytorch", name);

    private static float[] Expected(string name) => [.. s_values.GetProperty(name).GetProperty("values").EnumerateArray().Select(value => (float)value.GetDouble())];

    private static byte[] Bytes(Checkpoint file, TensorInfo tensor) => file.RawBytes(tensor, 0, (int)tensor.ByteLength).ToArray();

    private static float[] Values(Checkpoint file, TensorInfo tensor)
    {
        if (StorageFormat.Of(tensor.Type)!.Decode is not null)
        {
            float[] values = new float[tensor.ElementCount];
            file.ReadFloats(tensor, 0, values);
            return values;
        }
        int size = (int)(tensor.ByteLength / tensor.ElementCount);
        return [.. Bytes(file, tensor).Chunk(size).Select(bytes => tensor.Type is StorageType.U8 or StorageType.Bool ? bytes[0] : (float)Signed(bytes))];
    }

    private static long Signed(byte[] bytes) => bytes.Length switch
    {
        1 => (sbyte)bytes[0],
        2 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        4 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };
}
