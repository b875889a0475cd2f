using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

public sealed class SafetensorsWriterTests
{
    private static readonly TensorDeclaration[] s_tensors =
    [
        new("logits", StorageType.F32, [2, 3]),
        new("mask", StorageType.Bool, [3]),
        new("input_ids", StorageType.I64, [2]),
        new("half", StorageType.F16, [1]),
        new("empty", StorageType.I32, [0, 4]),
        new("ü \"quoted\"", StorageType.BF16, []),
    ];

    [Fact]
    public void What_is_written_is_read_back()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a.safetensors");
        WriteAll(path, s_tensors);
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Assert.Equal(["input_ids", "empty", "logits", "half", "ü \"quoted\"", "mask"], file.Tensors.Keys);   // by element size, then name
        Assert.Equal(["a", "z"], file.Metadata.Keys);
        float[] logits = new float[6];
        file.ReadFloats(file.Require("logits"), 0, logits);
        Assert.Equal([1f, 2f, 3f, float.NegativeInfinity, -0f, float.Epsilon], logits);
        Assert.Equal([2L, 3L], file.Require("logits").Shape);
        Assert.Equal(BitConverter.GetBytes(-5L), file.RawBytes(file.Require("input_ids"), 8, 8).ToArray());
        Assert.Equal([1, 0, 1], file.RawBytes(file.Require("mask"), 0, 3).ToArray());
        Assert.Equal(0, file.Require("input_ids").Offset % 8);
        Assert.Equal([Path.GetFileName(path)], Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void The_same_tensors_give_the_same_bytes()
    {
        using TemporaryFolder folder = new();
        WriteAll(folder.File("a"), s_tensors);
        WriteAll(folder.File("b"), [.. s_tensors.Reverse()]);
        Assert.Equal(File.ReadAllBytes(folder.File("a")), File.ReadAllBytes(folder.File("b")));
    }

    [Fact]
    public void An_incomplete_file_leaves_nothing_and_keeps_the_old_one()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.safetensors", [7]);
        using (SafetensorsOutput output = SafetensorsWriter.Create(path, s_tensors))
        {
            output.Write<long>("input_ids", [1]);
            Assert.Throws<InvalidOperationException>(output.Complete);
        }
        Assert.Equal([path], Directory.EnumerateFiles(folder.Path));
        Assert.Equal([7], File.ReadAllBytes(path));
    }

    [Fact]
    public void A_file_of_the_same_name_is_replaced()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("a.safetensors", new byte[100_000]);
        SafetensorsWriter.Write(path, "t", [2], [1f, 2f]);
        using Checkpoint file = Checkpoint.Open(path);
        Assert.Equal(2, file.Require("t").ElementCount);
    }

    [Fact]
    public void Places_that_cannot_be_written_are_an_error_and_leave_nothing()
    {
        using TemporaryFolder folder = new();
        InputRefusedException missing = Assert.Throws<InputRefusedException>(() => SafetensorsWriter.Write(folder.File("none/a.safetensors"), "t", [1], [1f]));
        Assert.Equal("KH1016", missing.Code);
        Assert.Contains("none", missing.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder.File("taken"));
        File.WriteAllText(folder.File("taken/inside"), "");
        Assert.Throws<InputRefusedException>(() => SafetensorsWriter.Write(folder.File("taken"), "t", [1], [1f]));
        Assert.Throws<IOException>(() => SafetensorsWriter.Create(folder.File("huge"), [new("t", StorageType.F32, [1L << 58])]).Dispose());   // no disk has so much room
        Assert.Equal([folder.File("taken")], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_folder_without_write_permission_is_an_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Permissions do not bind the administrator, and Windows has others; the test needs another user.");
        using TemporaryFolder folder = new();
        DirectoryInfo closed = Directory.CreateDirectory(folder.File("closed"));
        closed.Attributes |= FileAttributes.ReadOnly;
        try
        {
            Assert.Throws<IOException>(() => SafetensorsWriter.Write(folder.File("closed/a"), "t", [1], [1f]));
            Assert.Empty(closed.EnumerateFiles());
        }
        finally
        {
            closed.Attributes &= ~FileAttributes.ReadOnly;
        }
    }

    [Fact]
    public void Wrong_use_is_an_argument_error()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("a");
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(path, [new("a", StorageType.F32, [1]), new("a", StorageType.F32, [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(path, [new("__metadata__", StorageType.F32, [1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(path, [new("a", StorageType.Q4_1, [32])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(path, [new("a", StorageType.F32, [-1])]));
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Create(path, [new("a", StorageType.F32, [1L << 62])]));
        using SafetensorsOutput output = SafetensorsWriter.Create(path, [new("a", StorageType.F32, [1])]);
        Assert.Throws<ArgumentException>(() => output.Write<float>("b", [1f]));
        Assert.Throws<ArgumentException>(() => output.Write<int>("a", [1]));
        Assert.Throws<ArgumentException>(() => output.Write<float>("a", [1f, 2f]));
    }

    private static void WriteAll(string path, TensorDeclaration[] tensors)
    {
        using SafetensorsOutput output = SafetensorsWriter.Create(path, tensors, new Dictionary<string, string> { ["z"] = "1", ["a"] = "2" });
        output.Write<float>("logits", [1f, 2f]);
        output.Write<long>("input_ids", [4, -5]);
        output.Write<float>("logits", [3f, float.NegativeInfinity, -0f, float.Epsilon]);
        output.Write<bool>("mask", [true, false, true]);
        output.Write<Half>("half", [(Half)1.5f]);
        output.WriteBytes("ü \"quoted\"", [0x80, 0x3F]);
        output.Complete();
    }
}
