using System.Runtime.InteropServices;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Tests.Mining;

/// <summary>Arrays of a golden safetensors file.</summary>
internal sealed class Golden(string path) : IDisposable
{
    private readonly Checkpoint _file = Checkpoint.Open(path);

    public float[] Floats(string name)
    {
        TensorInfo tensor = _file.Require(name);
        var values = new float[tensor.ElementCount];
        _file.ReadFloats(tensor, 0, values);
        return values;
    }

    public int[] Integers(string name)
    {
        TensorInfo tensor = _file.Require(name);
        return MemoryMarshal.Cast<byte, int>(_file.RawBytes(tensor, 0, (int)tensor.ByteLength)).ToArray();
    }

    public void Dispose() => _file.Dispose();
}
