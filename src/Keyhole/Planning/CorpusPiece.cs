using Keyhole.Corpora;

namespace Keyhole.Planning;

/// <summary>A part of a corpus that stands for the rest: some bytes of a file, from its beginning where it can only be read from there.</summary>
internal static class CorpusPiece
{
    /// <summary>Bytes of a piece, about.</summary>
    public const int Bytes = 64 << 10;

    /// <summary>Whether a piece may be taken out of the middle of a file: plain text and JSON lines, not compressed.</summary>
    public static bool HasMiddle(string path) => Path.GetExtension(path).ToUpperInvariant() is not (".GZ" or ".JSON" or ".CSV" or ".TSV");

    /// <summary>The bytes at a place of a file, from the beginning of a line to the end of one; of text without lines any whole characters. Empty where there is nothing to take.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Where to begin looking.</param>
    public static byte[] Cut(string path, long offset)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        file.Position = Math.Min(offset, file.Length);
        byte[] bytes = new byte[(int)Math.Min(Bytes, file.Length - file.Position)];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        bool toEnd = offset + length >= file.Length;
        int first = offset == 0 ? 0 : Array.IndexOf(bytes, (byte)'\n', 0, length) + 1;
        int end = toEnd ? length : Array.LastIndexOf(bytes, (byte)'\n', length - 1, length) + 1;
        if (end <= first && !IsJson(path))
        {
            (first, end) = (offset == 0 ? 0 : NextCharacter(bytes, 0), toEnd ? length : LastCharacter(bytes, length));
        }

        return end <= first ? [] : bytes[first..end];
    }

    /// <summary>The piece as a corpus of its own.</summary>
    public static Corpus Open(byte[] bytes, string path, CorpusOptions options)
        => Corpus.Open(["-"], options with { OpenStandardInput = () => new MemoryStream(bytes), Format = IsJson(path) ? CorpusFormat.Json : CorpusFormat.Text });

    private static bool IsJson(string path) => Path.GetExtension(path).ToUpperInvariant() is ".JSONL" or ".NDJSON";

    // UTF-8: bytes 10xxxxxx go on with a character.
    private static int NextCharacter(byte[] bytes, int from)
    {
        while (from < bytes.Length && (bytes[from] & 0xC0) == 0x80)
        {
            from++;
        }

        return from;
    }

    private static int LastCharacter(byte[] bytes, int length)
    {
        int last = length - 1;
        while (last > 0 && (bytes[last] & 0xC0) == 0x80)
        {
            last--;
        }

        return Math.Max(last, 0);
    }
}
