using System.Security.Cryptography;
using System.Text;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Folders in Hugging Face layout: one file, shards with an index, and what goes wrong with them.</summary>
public sealed class CheckpointFolderTests
{
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    [Fact]
    public void Shards_are_read_through_their_index()
    {
        using TemporaryFolder folder = new();
        WriteShards(folder, $$$"""{"weight_map":{"a":"{{{First}}}","b":"{{{Second}}}"}}""");
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["a", "b"], checkpoint.Tensors.Keys);
        Assert.Equal(folder.Path, checkpoint.Path);
        float[] values = new float[2];
        checkpoint.ReadFloats(checkpoint.Require("b"), 0, values);
        Assert.Equal([3f, 4f], values);
        byte[] both = [.. File.ReadAllBytes(folder.File(First)), .. File.ReadAllBytes(folder.File(Second))];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(both)), checkpoint.ContentHash());
        using Checkpoint byIndex = Checkpoint.Open(folder.File("model.safetensors.index.json"));
        Assert.Equal(checkpoint.Tensors.Keys, byIndex.Tensors.Keys);
    }

    [Theory]
    [InlineData("KH1010", """{"weight_map":{"a":"../model-00001-of-00002.safetensors"}}""", "../model-00001")]
    [InlineData("KH1010", """{"weight_map":{"a":"..\\model-00001-of-00002.safetensors"}}""", "model-00001")]
    [InlineData("KH1010", """{"weight_map":{"a":"/etc/passwd"}}""", "/etc/passwd")]
    [InlineData("KH1010", """{"weight_map":{"a":"C:model.safetensors"}}""", "C:model")]
    [InlineData("KH1010", """{"weight_map":{"a":7}}""", "'7'")]
    [InlineData("KH1010", """{"weight_map":{"a":"\ud800.safetensors"}}""", "ud800")]
    [InlineData("KH1010", """{"weight_map":[]}""", "weight_map")]
    [InlineData("KH1010", """{}""", "weight_map")]
    [InlineData("KH1010", """{"weight_map":{""", "JSON")]
    [InlineData("KH1011", """{"weight_map":{"a":"x.safetensors","b":"y.safetensors"}}""", "'x.safetensors', 'y.safetensors'")]
    [InlineData("KH1012", """{"weight_map":{"a":"model-00001-of-00002.safetensors","c":"model-00002-of-00002.safetensors","d":"model-00002-of-00002.safetensors"}}""", "2 missing ('c', 'd'); 1 unknown ('b')")]
    [InlineData("KH1012", """{"weight_map":{"a":"model-00002-of-00002.safetensors"}}""", "1 missing ('a')")]
    public void Wrong_indexes_are_refused(string code, string index, string part)
    {
        using TemporaryFolder folder = new();
        WriteShards(folder, index);
        Refused.With(code, () => Checkpoint.Open(folder.Path).Dispose(), "model.safetensors.index.json", part);
    }

    [Fact]
    public void Shards_that_git_did_not_fetch_are_named()
    {
        using TemporaryFolder folder = new();
        WriteShards(folder, $$$"""{"weight_map":{"a":"{{{First}}}","b":"{{{Second}}}"}}""");
        folder.Write(Second, [.. "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"u8]);
        Refused.With("KH1002", () => Checkpoint.Open(folder.Path).Dispose(), Second, "git lfs pull");
    }

    [Fact]
    public void A_single_file_of_any_name_is_enough_and_more_are_not()
    {
        using TemporaryFolder folder = new();
        Refused.With("KH1002", () => Checkpoint.Open(folder.Path).Dispose(), "no weights");
        folder.Write("flax_model.msgpack", [1]);
        Refused.With("KH1002", () => Checkpoint.Open(folder.Path).Dispose(), "'flax_model.msgpack'");
        SafetensorsWriter.Write(folder.File("weights.safetensors"), "a", [1], [1f]);
        using (Checkpoint checkpoint = Checkpoint.Open(folder.Path))
        {
            Assert.Equal(folder.File("weights.safetensors"), checkpoint.Path);
        }
        SafetensorsWriter.Write(folder.File("other.safetensors"), "a", [1], [1f]);
        Refused.With("KH1002", () => Checkpoint.Open(folder.Path).Dispose(), "'flax_model.msgpack', 'other.safetensors', 'weights.safetensors'");
        folder.Write("pytorch_model.bin", PickleText.Legacy(PickleText.StateDict(1), ("0", [1])));
        Assert.Equal(folder.File("pytorch_model.bin"), PathOf(folder));
        SafetensorsWriter.Write(folder.File("model.safetensors"), "m", [1], [1f]);
        using Checkpoint named = Checkpoint.Open(folder.Path);
        Assert.Equal(["m"], named.Tensors.Keys);
    }

    [Fact]
    public void Pytorch_files_are_found_as_safetensors_are_and_what_training_leaves_is_no_weights()
    {
        byte[] file = PickleText.Legacy(PickleText.StateDict(1), ("0", [1]));
        using TemporaryFolder folder = new();
        foreach (string leftover in (string[])["optimizer.pt", "optimizer.bin", "training_args.bin", "scheduler.pt", "rng_state.pth", "rng_state_0.pth", "scaler.pt"])
        {
            folder.Write(leftover, file);
        }
        Refused.With("KH1002", () => Checkpoint.Open(folder.Path).Dispose(), "no weights");
        folder.Write("checkpoint_best.pt", file);
        Refused.With("KH1002", () => Checkpoint.Open(folder.Path).Dispose(), "'checkpoint_best.pt'");
        folder.Write("dict.txt", "the 5");
        Assert.Equal(folder.File("checkpoint_best.pt"), PathOf(folder));
        folder.Write("checkpoint_last.pt", file);
        Refused.With("KH1002", () => Checkpoint.Open(folder.Path).Dispose(), "'checkpoint_best.pt', 'checkpoint_last.pt'");
        folder.Write("weights.bin", file);
        Assert.Equal(folder.File("weights.bin"), PathOf(folder));
    }

    [Fact]
    public void A_single_gguf_file_is_enough_where_it_is_alone()
    {
        using TemporaryFolder folder = new();
        byte[] file = new GgufBuilder().Tensor("t", [8], 1, new byte[16]).Build();
        folder.Write("m.gguf", file);
        folder.Write("README.md", "text");
        Assert.Equal(folder.File("m.gguf"), PathOf(folder));
        Refused.With("KH2003", () => Keyhole.Engine.Tokens.TokenizerLoader.Load(folder.Path), "m.gguf");   // it was asked, and has no vocabulary
        folder.Write("n.gguf", file);
        Refused.With("KH1002", () => Checkpoint.Open(folder.Path).Dispose(), "'m.gguf', 'n.gguf'");
    }

    [Fact]
    public void Shards_may_be_of_either_kind()
    {
        using TemporaryFolder folder = new();
        folder.Write("pytorch_model-00001-of-00002.bin", PickleText.Legacy(PickleText.StateDict(2), ("0", [1, 2])));
        SafetensorsWriter.Write(folder.File(Second), "b", [2], [3f, 4f]);
        string index = folder.Write("pytorch_model.bin.index.json", $$$"""{"weight_map":{"w":"pytorch_model-00001-of-00002.bin","b":"{{{Second}}}"}}""");
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        Assert.Equal(["w", "b"], checkpoint.Tensors.Keys.OrderDescending(StringComparer.Ordinal));
        float[] values = new float[2];
        checkpoint.ReadFloats(checkpoint.Require("w"), 0, values);
        Assert.Equal([1f, 2f], values);
        File.Delete(folder.File("pytorch_model-00001-of-00002.bin"));
        Refused.With("KH1011", () => Checkpoint.Open(index).Dispose(), "'pytorch_model-00001-of-00002.bin'");
    }

    [Fact]
    public void The_reference_llama_opens_from_its_four_shards()
    {
        string path = SharedData.Require("conformance", "architectures", "llama");
        using Checkpoint checkpoint = Checkpoint.Open(path);
        Assert.Equal(4, checkpoint.Files.Count());
        Assert.Equal(48_288, checkpoint.Tensors.Values.Sum(tensor => tensor.ElementCount));   // total_parameters of the index
        checkpoint.RequireShape(checkpoint.Require("model.embed_tokens.weight"), 211, 32);
        float[] values = new float[211 * 32];
        checkpoint.ReadFloats(checkpoint.Require("lm_head.weight"), 0, values);
        Assert.All(values, value => Assert.True(float.IsFinite(value)));
    }

    private static string PathOf(TemporaryFolder folder)
    {
        using Checkpoint checkpoint = Checkpoint.Open(folder.Path);
        return checkpoint.Path;
    }

    private static void WriteShards(TemporaryFolder folder, string index)
    {
        SafetensorsWriter.Write(folder.File(First), "a", [2], [1f, 2f]);
        SafetensorsWriter.Write(folder.File(Second), "b", [2], [3f, 4f]);
        folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes(index));
    }
}
