using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Keyhole.Corpora;

/// <summary>Tells text from what is not, before a byte of it is decoded.</summary>
internal static class TextCheck
{
    private const int TarMarkOffset = 257;

    private static ReadOnlySpan<byte> Utf8Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>Refuses a file whose first bytes are those of a known binary format or of UTF-16, and steps over a UTF-8 byte order mark.</summary>
    public static void Begin(CorpusInput input)
    {
        while (input.Window.Length < 512 && input.Fill("file"))
        {
        }

        ReadOnlySpan<byte> head = input.Window;
        if (head.StartsWith(Utf8Bom))
        {
            input.Consume(Utf8Bom.Length);
            return;
        }

        (string? found, string remedy) = Recognise(head);
        if (found is not null) throw CorpusRefusal.NotText(input.Name, input.Offset, found, remedy);
    }

    /// <summary>Refuses bytes that are not valid UTF-8 or hold a NUL.</summary>
    public static void Require(string name, ReadOnlySpan<byte> bytes, long offset)
    {
        int nul = bytes.IndexOf((byte)0);
        if (nul >= 0) throw CorpusRefusal.NotText(name, offset + nul, "a zero byte", "give a UTF-8 text file, JSON lines or CSV.");
        if (Utf8.IsValid(bytes)) return;
        int at = FirstInvalid(bytes);
        throw CorpusRefusal.NotText(name, offset + at, $"the byte 0x{bytes[at]:X2}, which is not valid UTF-8",
            "convert it first, for example with 'iconv -f WINDOWS-1252 -t UTF-8'.");
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(bytes[at..], out _, out int length) == OperationStatus.Done) at += length;
        return at;
    }

    private static (string? Found, string Remedy) Recognise(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PAR1"u8))
        {
            return ("the mark of a Parquet file", "convert it: python3 -c \"import pandas,sys; pandas.read_parquet(sys.argv[1])"
                + ".to_json(sys.argv[2],orient='records',lines=True,force_ascii=False)\" in.parquet out.jsonl");
        }

        if (head.StartsWith("ARROW1"u8)) return ("the mark of an Arrow file", "convert it to JSON lines.");
        if (head.StartsWith("PK\u0003\u0004"u8)) return ("the mark of a ZIP file", "unpack it first.");
        if (head.StartsWith("%PDF-"u8)) return ("the mark of a PDF file", "extract its text first, for example with pdftotext.");
        if (head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD])) return ("the mark of a Zstandard file", "unpack it first with 'zstd -d', or pipe it: zstd -dc FILE | keyhole ... -");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])) return ("the mark of an XZ file", "unpack it first with 'xz -d'.");
        if (head.StartsWith("BZh"u8) && head.Length > 9 && head[4..].StartsWith("1AY&SY"u8)) return ("the mark of a bzip2 file", "unpack it first with 'bzip2 -d'.");
        if (head.Length > TarMarkOffset && head[TarMarkOffset..].StartsWith("ustar"u8)) return ("a tar archive", "unpack it first.");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return ("a UTF-16 byte order mark", "convert it: iconv -f UTF-16 -t UTF-8 FILE > FILE.utf8.txt");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return ("a UTF-16 byte order mark", "convert it: iconv -f UTF-16 -t UTF-8 FILE > FILE.utf8.txt");
        return (null, "");
    }
}
