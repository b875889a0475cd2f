using System.Text;
using Keyhole.Corpora;
using Keyhole.Engine;
using Xunit;

namespace Keyhole.Tests.Corpora;

/// <summary>Whatever is no corpus is refused with one sentence that names the file and what to do.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("PAR1....", "Parquet")]
    [InlineData("PK\u0003\u0004....", "ZIP")]
    [InlineData("%PDF-1.7", "PDF")]
    [InlineData("abc\0def", "zero byte")]
    public void Binary_files_are_named_for_what_they_are(string content, string what)
    {
        using CorpusFolder folder = new();
        foreach (UnitKind kind in Enum.GetValues<UnitKind>()) Refused("KH4004", what, folder.Write("a.bin", content), kind);
    }

    [Fact]
    public void Other_encodings_are_refused_with_their_place()
    {
        using CorpusFolder folder = new();
        Refused("KH4004", "UTF-16", folder.Write("a.txt", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Hello")]));
        Refused("KH4004", "UTF-16", folder.Write("b.txt", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("Hello")]));
        Refused("KH4004", "at byte 14 it has the byte 0xE9", folder.Write("c.txt", [.. "good line\nna\u00EF"u8, 0xE9, .. "v\n"u8]));
        Refused("KH4004", "Zstandard", folder.Write("d.txt", [0x28, 0xB5, 0x2F, 0xFD, 1, 2]));
    }

    [Theory]
    [InlineData("a.jsonl", "{\"text\":\"ok\"}\n{\"text\":\"broken}\n", "KH4007", "line 2: this is not valid JSON")]
    [InlineData("a.jsonl", "{\"text\":\"ok\"} {}\n", "KH4007", "line 1: this is not valid JSON")]
    [InlineData("a.json", "{\n \"text\": \"pretty\"\n}\n", "KH4007", "Each line has to hold one whole JSON object")]
    [InlineData("a.jsonl", "{\"txt\":\"a\",\"id\":3}\n", "KH4008", "'text'; the fields are 'txt', 'id'")]
    [InlineData("a.jsonl", "{\"text\":[\"a\"]}\n", "KH4007", "is an array; expected a string")]
    [InlineData("a.jsonl", "3\n", "KH4007", "a record is a number")]
    [InlineData("a.jsonl", "{\"\\ud800\":1,\"text\":3}\n", "KH4007", "line 1")]
    [InlineData("a.json", "[{\"text\":\"a\"} {\"text\":\"b\"}]", "KH4007", "where a comma or the end of the array is expected")]
    [InlineData("a.json", "[{\"text\":\"a\"},\n{\"text\":\"b\"", "KH4007", "line 2: the file ends")]
    [InlineData("a.json", "[\"a\"]\n[\"b\"]", "KH4007", "line 2")]
    [InlineData("a.json", "[\"a\\", "KH4007", "the file ends")]
    [InlineData("a.csv", "id,body\n1,x\n", "KH4008", "'text'; the fields are 'id', 'body'")]
    [InlineData("a.csv", "id,text\n1,x\n2,a, b\n", "KH4007", "line 3: the row has 3 fields and the header 2")]
    [InlineData("a.csv", "id,text\n1,\"x\n\n", "KH4007", "line 2: a field of the row that begins here opens a double quote")]
    [InlineData("a.csv", "id,text\n1,\"x\"y\n", "KH4007", "goes on after its closing double quote")]
    public void Malformed_records_are_named_by_line(string name, string content, string code, string part)
    {
        using CorpusFolder folder = new();
        Refused(code, part, folder.Write(name, content));
    }

    [Fact]
    public void Deeply_nested_JSON_is_refused_and_not_followed()
    {
        using CorpusFolder folder = new();
        Refused("KH4007", "not valid JSON", folder.Write("a.json", new string('[', 100_000) + new string(']', 100_000)));
        Refused("KH4007", "not valid JSON", folder.Write("b.jsonl", string.Concat(Enumerable.Repeat("{\"text\":", 10_000))));
    }

    [Fact]
    public void Endless_rows_and_compressed_lines_are_refused_early()
    {
        using CorpusFolder folder = new();
        Refused("KH4007", "more than 65536 fields", folder.Write("a.csv", "text" + new string(',', 65_536) + "\n"));
        Assert.Single(CorpusFolder.Texts(folder.Write("b.csv", "text" + new string(',', 65_535) + "\na" + new string(',', 65_535) + "\n"), UnitKind.Sentence));
        using MemoryStream bomb = new();
        using (System.IO.Compression.GZipStream compressed = new(bomb, System.IO.Compression.CompressionLevel.Optimal, leaveOpen: true))
        {
            compressed.Write(Enumerable.Repeat((byte)'a', 48 << 20).ToArray());
        }

        Refused("KH4005", "which no text does", folder.Write("a.txt.gz", bomb.ToArray()));
    }

    [Fact]
    public void Missing_paths_and_empty_matches_are_told_apart()
    {
        using CorpusFolder folder = new();
        Refused("KH4001", "nothing.txt", Path.Combine(folder.Root, "nothing.txt"));
        Refused("KH4002", "*.txt", Path.Combine(folder.Root, "*.txt"));
        Refused("KH4002", folder.Root, folder.Root);
    }

    [Fact]
    public void A_gzip_file_cut_anywhere_is_refused()
    {
        using CorpusFolder folder = new();
        byte[] whole = CorpusFolder.Gzip("One sentence here.\nAnd another one there.\n", "A second member.\n");
        int firstMember = CorpusFolder.Gzip("One sentence here.\nAnd another one there.\n").Length;
        for (int length = 0; length < whole.Length; length++)
        {
            if (length == firstMember) continue;   // a whole file of one member
            Refused("KH4005", "a.txt.gz", folder.Write("a.txt.gz", whole[..length]));
        }

        byte[] damaged = [.. whole];
        damaged[firstMember - 6] ^= 0x40;   // its checksum
        Refused("KH4005", "a.txt.gz", folder.Write("a.txt.gz", damaged));
        Refused("KH4005", "1F 8B", folder.Write("b.txt.gz", "plain text"));
    }

    private static void Refused(string code, string part, string path, UnitKind kind = UnitKind.Sentence)
    {
        InputRefusedException e = Assert.Throws<InputRefusedException>(() => CorpusFolder.Read(path, kind));
        Assert.Equal(code, e.Code);
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(path), e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
