using System.IO.Compression;

namespace Keyhole.Fuzz;

/// <summary>Damages what a gzip file holds and compresses it again.</summary>
internal static class GzipMutator
{
    /// <summary>What a gzip file holds.</summary>
    public static byte[] Inflate(byte[] file)
    {
        using var source = new GZipStream(new MemoryStream(file), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    /// <summary>A gzip file of these bytes.</summary>
    public static byte[] Deflate(byte[] content)
    {
        using var target = new MemoryStream();
        using (var compressed = new GZipStream(target, CompressionLevel.Fastest))
        {
            compressed.Write(content);
        }
        return target.ToArray();
    }
}
