using System.Runtime.InteropServices;
using Keyhole.Engine.Checkpoints;
using Xunit;

namespace Keyhole.Cli.Tests;

/// <summary>The tensors of a safetensors file, for comparison.</summary>
internal sealed class SafetensorsContent : IDisposable
{
    private readonly Checkpoint _file;

    public SafetensorsContent(string path) => _file = Checkpoint.Open(path);

    public IReadOnlyDictionary<string, TensorInfo> Tensors => _file.Tensors;

    public float[] Floats(string name)
    {
        TensorInfo tensor = _file.Require(name);
        float[] values = new float[tensor.ElementCount];
        _file.ReadFloats(tensor, 0, values);
        return values;
    }

    public long[] Longs(string name)
    {
        TensorInfo tensor = _file.Require(name);
        Assert.Equal(StorageType.I64, tensor.Type);
        return MemoryMarshal.Cast<byte, long>(_file.RawBytes(tensor, 0, (int)tensor.ByteLength)).ToArray();
    }

    public void Dispose() => _file.Dispose();
}
