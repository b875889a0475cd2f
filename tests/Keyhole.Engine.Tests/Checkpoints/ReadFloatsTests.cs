using System.Runtime.InteropServices;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Reading a part is the same as reading the whole and cutting.</summary>
public sealed class ReadFloatsTests
{
    [Theory]
    [MemberData(nameof(GgmlBlockTests.Types), MemberType = typeof(GgmlBlockTests))]
    public void Any_part_equals_the_part_of_the_whole(StorageType type)
    {
        using TemporaryFolder folder = new();
        using Checkpoint checkpoint = OneTensor(folder, type, rows: 3, columns: 768);
        TensorInfo tensor = checkpoint.Require("t");
        float[] whole = new float[tensor.ElementCount];
        checkpoint.ReadFloats(tensor, 0, whole);

        Random random = new(5);
        for (int trial = 0; trial < 2000; trial++)
        {
            int start = random.Next(whole.Length + 1);
            int length = random.Next(2) == 0 ? random.Next(Math.Min(70, whole.Length - start + 1)) : random.Next(whole.Length - start + 1);
            float[] part = new float[length];
            checkpoint.ReadFloats(tensor, start, part);
            Assert.True(MemoryMarshal.AsBytes(part.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(whole.AsSpan(start, length))), $"{type} [{start}, {start + length})");
        }
    }

    [Fact]
    public void Threads_read_at_the_same_time()
    {
        using TemporaryFolder folder = new();
        using Checkpoint checkpoint = OneTensor(folder, StorageType.Q4_K, rows: 16, columns: 256);
        TensorInfo tensor = checkpoint.Require("t");
        float[] whole = new float[tensor.ElementCount];
        checkpoint.ReadFloats(tensor, 0, whole);
        float[] parts = new float[whole.Length];
        Parallel.For(0, parts.Length / 64, i => checkpoint.ReadFloats(tensor, i * 64, parts.AsSpan(i * 64, 64)));
        Assert.Equal(MemoryMarshal.AsBytes(whole.AsSpan()).ToArray(), MemoryMarshal.AsBytes(parts.AsSpan()).ToArray());
    }

    [Fact]
    public void Allocates_nothing()
    {
        using TemporaryFolder folder = new();
        using Checkpoint checkpoint = OneTensor(folder, StorageType.Q4_1, rows: 4, columns: 256);
        TensorInfo tensor = checkpoint.Require("t");
        float[] values = new float[300];
        checkpoint.ReadFloats(tensor, 7, values);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            checkpoint.ReadFloats(tensor, i, values);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Ranges_outside_the_tensor_are_refused()
    {
        using TemporaryFolder folder = new();
        Checkpoint checkpoint = OneTensor(folder, StorageType.F16, rows: 2, columns: 32);
        TensorInfo tensor = checkpoint.Require("t");
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.ReadFloats(tensor, -1, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.ReadFloats(tensor, 64, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.ReadFloats(tensor, 0, new float[65]));
        Assert.Throws<ArgumentOutOfRangeException>(() => checkpoint.ReadFloats(tensor with { Offset = 1L << 40 }, 0, new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = checkpoint.RawBytes(tensor, 127, 2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _ = checkpoint.RawBytes(tensor, -1, 1).Length);
        Assert.Throws<ArgumentException>(() => checkpoint.ReadFloats(tensor with { File = "other" }, 0, new float[1]));
        checkpoint.Dispose();
        Assert.Throws<ObjectDisposedException>(() => checkpoint.ReadFloats(tensor, 0, new float[1]));
        Assert.Throws<ObjectDisposedException>(() => _ = checkpoint.RawBytes(tensor, 0, 1).Length);
    }

    [Fact]
    public void Tensors_beyond_two_gibibytes_are_read()
    {
        using TemporaryFolder folder = new();
        string path = folder.File("large.gguf");
        const long Elements = (5L << 30) / 2;   // 5 GiB of F16, as a file with a hole
        byte[] head = new GgufBuilder().Tensor("t", [32, Elements / 32], 1, []).Build();
        long dataStart = (head.Length + 31) / 32 * 32;
        using (FileStream stream = new(path, FileMode.CreateNew))
        {
            stream.Write(head);
            stream.SetLength(dataStart + (2 * Elements));
            stream.Position = dataStart + (2 * (Elements - 1));
            stream.Write([0x00, 0x3C]);   // 1.0
        }
        using Checkpoint checkpoint = Checkpoint.Open(path);
        float[] end = new float[3];
        checkpoint.ReadFloats(checkpoint.Require("t"), Elements - 3, end);
        Assert.Equal([0f, 0f, 1f], end);
    }

    private static GgufFile OneTensor(TemporaryFolder folder, StorageType type, int rows, int columns)
    {
        StorageFormat format = StorageFormat.Of(type)!;
        byte[] bytes = new byte[rows * columns / format.BlockElements * format.BlockBytes];
        new Random(3).NextBytes(bytes);
        uint number = Enumerable.Range(0, 64).Select(i => (uint)i).First(i => GgmlTypes.Of(i).Type == type);
        return GgufFile.Open(folder.Write("one.gguf", new GgufBuilder().Tensor("t", [(ulong)columns, (ulong)rows], number, bytes).Build()));
    }
}
