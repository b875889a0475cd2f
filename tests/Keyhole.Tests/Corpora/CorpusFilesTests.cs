using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Keyhole.Corpora;
using Xunit;

namespace Keyhole.Tests.Corpora;

public class CorpusFilesTests
{
    [Fact]
    public void A_folder_is_read_in_ordinal_order_of_its_relative_paths()
    {
        using CorpusFolder folder = new();
        foreach (string name in (string[])["b.txt", "a/z.txt", "a.txt", "B.txt", "a-1.txt", ".hidden/x.txt", ".x.txt"]) folder.Write("c/" + name, name + "\n");
        Corpus corpus = Corpus.Open([Path.Combine(folder.Root, "c")], new CorpusOptions { Unit = UnitKind.Line });
        Assert.Equal(["c/B.txt", "c/a-1.txt", "c/a.txt", "c/a/z.txt", "c/b.txt"], corpus.Files.Select(f => f.RelativePath));
        Assert.Equal(["B.txt", "a-1.txt", "a.txt", "a/z.txt", "b.txt"], corpus.ReadUnits().Select(u => u.Text));
        Assert.Equal([0, 1, 2, 3, 4], corpus.ReadUnits().Select(u => u.File));
        Assert.Equal(Path.Combine(folder.Root, "c", "a", "z.txt"), corpus.PathOf(3));
    }

    [Theory]
    [InlineData("*.txt", "c/a.txt c/b.txt")]
    [InlineData("?.txt", "c/a.txt c/b.txt")]
    [InlineData("**/*.txt", "c/a.txt c/b.txt c/d/e.txt c/d/f/g.txt")]
    [InlineData("d/**", "d/e.txt d/f/g.txt d/f/h.md")]
    [InlineData("*/*.txt", "c/d/e.txt")]
    [InlineData("**/f/*", "c/d/f/g.txt c/d/f/h.md")]
    [InlineData("*a*.*t", "c/a.txt")]
    public void Patterns_find_files(string pattern, string expected)
    {
        using CorpusFolder folder = new();
        foreach (string name in (string[])["b.txt", "a.txt", "d/e.txt", "d/f/g.txt", "d/f/h.md"]) folder.Write("c/" + name, "x\n");
        Corpus corpus = Corpus.Open([Path.Combine(folder.Root, "c", pattern)], new CorpusOptions());
        Assert.Equal(expected.Split(' '), corpus.Files.Select(f => f.RelativePath));
    }

    [Fact]
    public void A_pattern_with_many_stars_is_matched_in_time()
    {
        using CorpusFolder folder = new();
        folder.Write(new string('a', 200), "x\n");
        Assert.Throws<Keyhole.Engine.InputRefusedException>(() => Corpus.Open([Path.Combine(folder.Root, string.Concat(Enumerable.Repeat("*a", 60)) + "b")], new CorpusOptions()));
    }

    [Fact]
    public void Files_of_one_name_are_told_apart_and_one_file_is_read_once()
    {
        using CorpusFolder folder = new();
        string one = folder.Write("x/a.txt", "1\n");
        string two = folder.Write("y/a.txt", "2\n");
        string star = folder.Write("y/b*.txt", "3\n");
        Corpus corpus = Corpus.Open([two, one, star, Path.Combine(folder.Root, "y")], new CorpusOptions { Unit = UnitKind.Line });
        Assert.Equal(["y/a.txt", "x/a.txt", "b*.txt"], corpus.Files.Select(f => f.RelativePath));
        Assert.Equal(["2", "1", "3"], corpus.ReadUnits().Select(u => u.Text));
    }

    [Fact]
    public void A_folder_linked_into_itself_is_entered_once()
    {
        using CorpusFolder folder = new();
        folder.Write("c/a.txt", "1\n");
        File.CreateSymbolicLink(Path.Combine(folder.Root, "c", "b.txt"), Path.Combine(folder.Root, "c", "a.txt"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Root, "c", "loop"), Path.Combine(folder.Root, "c"));
        Corpus corpus = Corpus.Open([Path.Combine(folder.Root, "c")], new CorpusOptions { Unit = UnitKind.Line });
        Assert.Equal(["c/a.txt", "c/b.txt"], corpus.Files.Select(f => f.RelativePath));
        Assert.Equal([2L, 2L], corpus.Files.Select(f => f.Bytes));
    }

    [Fact]
    public void Gzip_members_follow_each_other_and_formats_go_by_the_name_within()
    {
        using CorpusFolder folder = new();
        Assert.Equal(["One.", "Two.", "Three."], CorpusFolder.Texts(folder.Write("a.txt.gz", CorpusFolder.Gzip("One. Tw", "o.\nThree.\n")), UnitKind.Sentence));
        Assert.Equal(["a", "b"], CorpusFolder.Texts(folder.Write("a.json.gz", CorpusFolder.Gzip("{\"text\":\"a\"}\n", "{\"text\":\"b\"}\n")), UnitKind.Sentence));
        Assert.Equal(["a"], CorpusFolder.Texts(folder.Write("a.csv.gz", CorpusFolder.Gzip("text\na\n")), UnitKind.Sentence));
        Assert.Equal(["named as if it were plain"], CorpusFolder.Texts(folder.Write("a.txt", CorpusFolder.Gzip("named as if it were plain\n")), UnitKind.Sentence));
    }

    [Theory]
    [InlineData("One. Two.\n", CorpusFormat.Auto, "One.|Two.")]
    [InlineData("\n {\"text\": \"One. Two.\"}\n", CorpusFormat.Auto, "One.|Two.")]
    [InlineData("{\"text\": \"One.\"}\n", CorpusFormat.Text, "{\"text\": \"One.\"}")]
    [InlineData("text,n\nOne. Two.,1\n", CorpusFormat.Csv, "One.|Two.")]
    public void Standard_input_is_read_in_its_format(string content, CorpusFormat format, string expected)
    {
        foreach (byte[] bytes in (byte[][])[Encoding.UTF8.GetBytes(content), CorpusFolder.Gzip(content)])
        {
            Corpus corpus = Corpus.Open(["-"], new CorpusOptions { Format = format, OpenStandardInput = () => new Trickle(bytes) });
            Assert.Equal(expected.Split('|'), corpus.ReadUnits().Select(u => u.Text));
            Assert.Equal([new CorpusFile(0, "stdin", bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)))], corpus.Files);
            Assert.Null(corpus.PathOf(0));
            Assert.Equal(bytes.Length, corpus.TotalBytes);
            Assert.Throws<InvalidOperationException>(() => corpus.ReadUnits().Count());
        }
    }

    [Fact]
    public void The_content_hash_is_that_of_names_lengths_and_hashes()
    {
        using CorpusFolder folder = new();
        string[] contents = ["one\ntwo\n", "three\n"];
        folder.Write("c/a.txt", contents[0]);
        folder.Write("c/b.txt", contents[1]);
        string Line(string content, string name, bool read = true) => string.Create(CultureInfo.InvariantCulture,
            $"{(read ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content))) : "-")}\t{content.Length}\t{name}\n");
        string Hash(string lines) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines)));

        Corpus corpus = Corpus.Open([Path.Combine(folder.Root, "c")], new CorpusOptions { Unit = UnitKind.Line });
        Assert.All(corpus.Files, f => Assert.Null(f.Sha256));
        Assert.Equal(3, corpus.ReadUnits().Count());
        Assert.Equal(Hash(Line(contents[0], "c/a.txt") + Line(contents[1], "c/b.txt")), corpus.ContentHash);
        Assert.Equal(corpus.TotalBytes, corpus.BytesRead);
        Assert.Equal(14, corpus.BytesRead);

        Corpus limited = Corpus.Open([Path.Combine(folder.Root, "c")], new CorpusOptions { Unit = UnitKind.Line, Limit = 2 });
        Assert.Equal(["one", "two"], limited.ReadUnits().Select(u => u.Text));
        Assert.Equal(Hash(Line(contents[0], "c/a.txt", false) + Line(contents[1], "c/b.txt", false)), limited.ContentHash);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(100, 4)]
    public void The_limit_counts_units(long limit, int expected)
    {
        using CorpusFolder folder = new();
        Assert.Equal(expected, CorpusFolder.Read(folder.Write("a.txt", "= Title =\n\nOne. Two.\n\nThree. Four.\n"), UnitKind.Sentence, limit: limit).Count);
    }

    [Fact]
    public void Reading_stops_when_cancelled_and_begins_anew()
    {
        using CorpusFolder folder = new();
        Corpus corpus = Corpus.Open([folder.Write("a.txt", string.Concat(Enumerable.Repeat("a line\n", 1000)))], new CorpusOptions { Unit = UnitKind.Line });
        using CancellationTokenSource stop = new();
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (TextUnit unit in corpus.ReadUnits(stop.Token))
            {
                if (unit.Offset == 70) stop.Cancel();
            }
        });
        Assert.Equal(11, corpus.Counts.Units);
        Assert.Equal(1000, corpus.ReadUnits().Count());
        Assert.Equal(1000, corpus.Counts.Units);
    }

    [Fact]
    public void A_large_file_is_streamed()
    {
        // What was read of the file is never far ahead of the unit given out.
        byte[] line = "A line of text that is neither short nor long. It has two sentences.\n"u8.ToArray();
        int lines = 16_000_000 / line.Length;
        Corpus corpus = Corpus.Open(["-"], new CorpusOptions { OpenStandardInput = () => new Repeated(line, lines) });
        long ahead = 0;
        long count = 0;
        foreach (TextUnit unit in corpus.ReadUnits())
        {
            ahead = Math.Max(ahead, corpus.BytesRead - unit.Offset);
            count++;
        }

        Assert.Equal(2 * lines, count);
        Assert.InRange(ahead, 1, 1_000_000);
    }

    [Fact]
    public void A_wait_for_standard_input_ends_when_the_reading_is_stopped()
    {
        using CancellationTokenSource stop = new();
        using Silent silent = new();
        Corpus corpus = Corpus.Open(["-"], new CorpusOptions { OpenStandardInput = () => silent });
        stop.CancelAfter(TimeSpan.FromMilliseconds(100));
        Assert.ThrowsAny<OperationCanceledException>(() => corpus.ReadUnits(stop.Token).Count());
    }

    /// <summary>Never gives a byte, as a terminal at which nobody types.</summary>
    private sealed class Silent : MemoryStream
    {
        private readonly ManualResetEventSlim _over = new();

        public override int Read(Span<byte> buffer)
        {
            _over.Wait();
            return 0;
        }

        protected override void Dispose(bool disposing)
        {
            _over.Set();
            base.Dispose(disposing);
        }
    }

    /// <summary>Gives a few bytes a read, as a pipe may.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(3, buffer.Length)]);
    }

    private sealed class Repeated(byte[] line, int times) : MemoryStream
    {
        private long _given;

        public override int Read(Span<byte> buffer)
        {
            int count = (int)Math.Min(Math.Min(buffer.Length, line.Length - (_given % line.Length)), ((long)line.Length * times) - _given);
            line.AsSpan((int)(_given % line.Length), count).CopyTo(buffer);
            _given += count;
            return count;
        }
    }
}
