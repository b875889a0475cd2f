using System.Security.Cryptography;

namespace Keyhole.Corpora;

/// <summary>The bytes of a file as stored, counted and hashed as they pass.</summary>
internal sealed class StoredStream(Stream inner, Action<int> onRead) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes that have passed.</summary>
    public long BytesRead { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        int read = inner.Read(buffer);
        _hash.AppendData(buffer[..read]);
        BytesRead += read;
        onRead(read);
        return read;
    }

    /// <summary>The hash of the bytes that have passed, in lower-case hexadecimal.</summary>
    public string HashSoFar() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Reads what is left and gives the hash of all bytes in lower-case hexadecimal.</summary>
    public string FinishHash()
    {
        byte[] rest = new byte[64 * 1024];
        while (Read(rest.AsSpan()) > 0)
        {
        }

        return Convert.ToHexStringLower(_hash.GetHashAndReset());
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
