using System.Globalization;
using System.Security.Cryptography;

namespace Keyhole.Corpora;

/// <summary>Tells whether the files of a corpus are still those that an earlier reading met.</summary>
public static class CorpusComparison
{
    private const int BufferBytes = 1 << 20;

    /// <summary>What has changed, as the end of a sentence; null where nothing has. Standard input is not looked at.</summary>
    /// <param name="corpus">The corpus as it is found now.</param>
    /// <param name="files">All files of the earlier reading, in order.</param>
    /// <param name="readings">How far each was read.</param>
    /// <param name="cancellation">Stops the comparison.</param>
    /// <exception cref="Engine.InputRefusedException">A file cannot be read.</exception>
    public static string? Difference(Corpus corpus, IReadOnlyList<CorpusFile> files, IReadOnlyList<FileReading> readings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(readings);
        for (int i = 0; i < Math.Max(files.Count, corpus.Files.Count); i++)
        {
            string? before = i < files.Count ? files[i].RelativePath : null;
            string? now = i < corpus.Files.Count ? corpus.Files[i].RelativePath : null;
            if (before != now)
            {
                return before is null ? $"'{now}' is new among its files" : now is null ? $"'{before}' is no longer among its files" : $"where '{before}' was among its files there is '{now}'";
            }
        }

        foreach (FileReading reading in readings)
        {
            cancellation.ThrowIfCancellationRequested();
            if (reading.File.Index < files.Count && corpus.PathOf(reading.File.Index) is { } path && Difference(path, reading, cancellation) is { } difference)
            {
                return $"'{reading.File.RelativePath}' {difference}";
            }
        }

        return null;
    }

    private static string? Difference(string path, FileReading reading, CancellationToken cancellation)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            if (reading.File.Sha256 is not null && file.Length != reading.BytesRead)
            {
                return string.Create(CultureInfo.InvariantCulture, $"has {file.Length} bytes and had {reading.BytesRead}");
            }

            return Hash(file, reading.BytesRead, cancellation) == reading.Sha256 ? null : "has other content";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CorpusRefusal.Unreadable(reading.File.RelativePath, e);
        }
    }

    // SHA-256 of the first bytes.
    private static string Hash(FileStream file, long bytes, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        while (bytes > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            int read = file.Read(buffer, 0, (int)Math.Min(bytes, buffer.Length));
            if (read == 0)
            {
                break;
            }

            hash.AppendData(buffer, 0, read);
            bytes -= read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
