using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Names of models in Hugging Face caches, made by hand as huggingface_hub lays them out.</summary>
public sealed class ModelPathTests
{
    private const string First = "0123456789abcdef0123456789abcdef01234567";
    private const string Second = "01fedcba9876543210fedcba9876543210fedcba";

    [Theory]
    [InlineData("org/name", First)]
    [InlineData("org/name@main", First)]
    [InlineData("org/name@v1.0", Second)]
    [InlineData("org/name@refs/pr/7", Second)]
    [InlineData("org/name@" + Second, Second)]
    [InlineData("org/name@01fe", Second)]
    public void A_revision_is_a_branch_a_tag_a_commit_or_its_beginning(string given, string commit)
    {
        using TemporaryFolder cache = new();
        string model = WriteModel(cache, "models--org--name", First, Second);
        WriteReference(model, "main", First + "\n");
        WriteReference(model, "v1.0", Second);
        WriteReference(model, "refs/pr/7", Second);
        Assert.Equal(Path.Combine(model, "snapshots", commit), ModelPath.Resolve(given, [cache.Path]));
    }

    [Fact]
    public void A_snapshot_of_links_opens_with_its_configuration()
    {
        using TemporaryFolder cache = new();
        string model = WriteModel(cache, "models--name", First);
        string blobs = Directory.CreateDirectory(Path.Combine(model, "blobs")).FullName;
        SafetensorsWriter.Write(Path.Combine(blobs, "aa"), "w", [2], [1f, 2f]);
        File.CreateSymbolicLink(Path.Combine(model, "snapshots", First, "model.safetensors"), Path.Combine("..", "..", "blobs", "aa"));
        string snapshot = ModelPath.Resolve("name", [cache.File("none"), cache.Path]);
        using Checkpoint checkpoint = Checkpoint.Open(snapshot);
        float[] values = new float[2];
        checkpoint.ReadFloats(checkpoint.Require("w"), 0, values);
        Assert.Equal([1f, 2f], values);
    }

    [Fact]
    public void A_path_that_is_there_comes_before_a_name()
    {
        using TemporaryFolder cache = new();
        WriteModel(cache, "models--org--name", First);
        string path = cache.Write("name", "a file");
        Assert.Equal(path, ModelPath.Resolve(path, [cache.Path]));
        Assert.Equal(cache.Path, ModelPath.Resolve(cache.Path, [cache.Path]));
    }

    [Theory]
    [InlineData("/no/such/folder")]
    [InlineData("./model")]
    [InlineData("../models--a")]
    [InlineData("org/..")]
    [InlineData("org/name@../../etc")]
    [InlineData("org/name@a/../b")]
    [InlineData("org/name@")]
    [InlineData("a/b/c")]
    [InlineData(".hidden/name")]
    [InlineData("org--x/name")]
    [InlineData("org/name\n")]
    [InlineData("org\\name")]
    public void What_is_no_name_is_given_back(string given)
    {
        using TemporaryFolder cache = new();
        Assert.Equal(given, ModelPath.Resolve(given, [cache.Path]));
    }

    [Fact]
    public void A_model_that_is_in_no_cache_is_refused_with_the_places()
    {
        using TemporaryFolder cache = new();
        Refused.With("KH1001", () => ModelPath.Resolve("org/name", [cache.Path, "/other/hub"]), "'org/name'", "'models--org--name'", cache.Path, "'/other/hub'", "never downloads", "hf download org/name");
    }

    [Theory]
    [InlineData("org/name@v2", "no snapshot of the revision 'v2'")]
    [InlineData("org/name@01", "no snapshot")]
    [InlineData("org/name@0123457", "no snapshot")]
    [InlineData("org/name", "more than one snapshot")]
    public void A_revision_that_is_not_there_or_not_unique_is_refused(string given, string part)
    {
        using TemporaryFolder cache = new();
        WriteModel(cache, "models--org--name", First, Second);
        Refused.With("KH1018", () => ModelPath.Resolve(given, [cache.Path]), part, First, Second, "never downloads");
    }

    [Theory]
    [InlineData("../../../elsewhere")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef01234567")]
    public void References_to_something_else_than_a_commit_are_refused(string reference)
    {
        using TemporaryFolder cache = new();
        WriteReference(WriteModel(cache, "models--org--name", First), "main", reference);
        Refused.With("KH1018", () => ModelPath.Resolve("org/name", [cache.Path]), "main", "not the name of a commit");
    }

    [Fact]
    public void Two_snapshots_with_one_beginning_are_refused()
    {
        using TemporaryFolder cache = new();
        WriteModel(cache, "models--org--name", "abcd1", "abcd2");
        Refused.With("KH1018", () => ModelPath.Resolve("org/name@abcd", [cache.Path]), "more than one snapshot");
    }

    [Fact]
    public void Downloads_that_are_not_finished_are_said()
    {
        using TemporaryFolder cache = new();
        string model = WriteModel(cache, "models--org--name", First);
        string snapshot = Path.Combine(model, "snapshots", First);
        string blobs = Directory.CreateDirectory(Path.Combine(model, "blobs")).FullName;
        Refused.With("KH1002", () => Checkpoint.Open(snapshot).Dispose(), "no weights");
        File.WriteAllBytes(Path.Combine(blobs, "aa.incomplete"), [1]);
        Refused.With("KH1002", () => Checkpoint.Open(snapshot).Dispose(), "no weights", "1 files '*.incomplete'");
        File.CreateSymbolicLink(Path.Combine(snapshot, "model.safetensors"), Path.Combine("..", "..", "blobs", "aa"));
        Refused.With("KH1001", () => Checkpoint.Open(snapshot).Dispose(), "a link to a file that is not there", "*.incomplete");
        File.WriteAllText(Path.Combine(snapshot, "model.safetensors.index.json"), """{"weight_map":{"w":"x.safetensors"}}""");
        File.Delete(Path.Combine(snapshot, "model.safetensors"));
        Refused.With("KH1011", () => Checkpoint.Open(snapshot + Path.DirectorySeparatorChar).Dispose(), "'x.safetensors'", "*.incomplete");
        Directory.Delete(Path.Combine(model, "snapshots"), recursive: true);
        Refused.With("KH1018", () => ModelPath.Resolve("org/name", [cache.Path]), "none at all", "*.incomplete");
    }

    [Fact]
    public void Caches_are_looked_through_in_the_order_of_their_variables()
    {
        Dictionary<string, string> variables = new() { ["HF_HUB_CACHE"] = "/a", ["HUGGINGFACE_HUB_CACHE"] = "/b", ["HF_HOME"] = "/c", ["XDG_CACHE_HOME"] = "/d" };
        Assert.Equal(["/a", "/b", "/c/hub", "/d/huggingface/hub", "/home/.cache/huggingface/hub"], HuggingFaceCache.Folders(variables.GetValueOrDefault, "/home"));
        variables["HF_HUB_CACHE"] = "";
        variables["XDG_CACHE_HOME"] = "/home/.cache";
        Assert.Equal(["/b", "/c/hub", "/home/.cache/huggingface/hub"], HuggingFaceCache.Folders(variables.GetValueOrDefault, "/home"));
    }

    private static string WriteModel(TemporaryFolder cache, string name, params string[] commits)
    {
        foreach (string commit in commits)
        {
            Directory.CreateDirectory(cache.File(name, "snapshots", commit));
        }
        return cache.File(name);
    }

    private static void WriteReference(string model, string name, string commit)
    {
        string path = Path.Combine(model, "refs", name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, commit);
    }
}
