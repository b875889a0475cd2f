using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Keyhole.Engine.Tests.Numerics;

/// <summary>A SHA-256 over kernels' outputs, in which every NaN is the same NaN: its sign and payload are not specified.</summary>
internal sealed class KernelDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(ReadOnlySpan<float> values)
    {
        float[] canonical = [.. values];
        for (int i = 0; i < canonical.Length; i++)
        {
            canonical[i] = float.IsNaN(canonical[i]) ? float.NaN : canonical[i];
        }

        _hash.AppendData(MemoryMarshal.AsBytes(canonical.AsSpan()));
    }

    public void Add(double value)
    {
        double canonical = double.IsNaN(value) ? double.NaN : value;
        _hash.AppendData(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in canonical)));
    }

    public void Add(ReadOnlySpan<int> values) => _hash.AppendData(MemoryMarshal.AsBytes(values));

    public string Finish() => Convert.ToHexString(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
