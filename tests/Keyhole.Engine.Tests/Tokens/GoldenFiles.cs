using System.IO.Compression;
using Keyhole.TestSupport;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>The reference files inside the repository, which are kept packed.</summary>
internal static class GoldenFiles
{
    /// <summary>Unpacks those of <c>Golden/tokenizers/NAME</c> into a folder.</summary>
    public static void Unpack(string name, TemporaryFolder folder)
    {
        foreach (string packed in Directory.GetFiles(Path.Combine(SharedData.Repository, "tests", "Keyhole.Engine.Tests", "Golden", "tokenizers", name), "*.gz"))
        {
            using var source = new GZipStream(File.OpenRead(packed), CompressionMode.Decompress);
            using FileStream target = File.Create(folder.File(Path.GetFileNameWithoutExtension(packed)));
            source.CopyTo(target);
        }
    }
}
