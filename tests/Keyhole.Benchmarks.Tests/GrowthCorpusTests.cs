using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class GrowthCorpusTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10_000)]
    [InlineData(300_000)]   // more than the sample has: it begins anew
    public void It_has_as_many_tokens_as_asked_for_and_less_than_one_line_more(int tokens)
    {
        using var folder = new TemporaryFolder();
        using Suite suite = TestSuite.Make(folder, shared: folder.File("no-shared"));
        Tokenizer tokenizer = TokenizerLoader.Load(suite.Mini);
        GrowthCorpus.Write(folder.File("a.txt"), suite, tokens);
        GrowthCorpus.Write(folder.File("b.txt"), suite, tokens);

        byte[] text = File.ReadAllBytes(folder.File("a.txt"));
        Assert.Equal(text, File.ReadAllBytes(folder.File("b.txt")));
        Assert.Equal((byte)'\n', text[^1]);
        int[] lengths = [.. File.ReadLines(folder.File("a.txt")).Select(line => tokenizer.Encode(line).Ids.Length)];
        Assert.InRange(lengths.Sum(), tokens, tokens + lengths[^1] - 1);
        string[] sample = File.ReadAllLines(suite.MiniSentences);
        Assert.Equal(File.ReadAllLines(folder.File("a.txt")), Enumerable.Range(0, lengths.Length).Select(i => sample[i % sample.Length]));
    }

    [Fact]
    public void The_training_text_is_taken_where_it_is()
    {
        _ = SharedData.Require("models", "mini", "train.sentences.txt.gz");
        using var folder = new TemporaryFolder();
        using Suite suite = TestSuite.Make(folder, SharedData.Root!);
        GrowthCorpus.Write(folder.File("a.txt"), suite, 2_000);
        string[] lines = File.ReadAllLines(folder.File("a.txt"));
        Assert.NotEqual(File.ReadLines(suite.MiniSentences).Take(lines.Length), lines);
    }

    [Fact]
    public void Texts_without_tokens_do_not_keep_it_for_ever()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("models"));
        Directory.CreateSymbolicLink(folder.File("models", "mini"), Path.Combine(SharedData.Repository, "models", "mini"));
        Directory.CreateDirectory(folder.File("corpora"));
        File.WriteAllText(folder.File("corpora", "mini.train-sample.txt"), string.Empty);
        using var suite = new Suite(folder.Path, folder.File("no-shared"), quick: true, threads: 1, TextWriter.Null, CancellationToken.None);
        Assert.Throws<BenchmarkFailedException>(() => GrowthCorpus.Write(folder.File("a.txt"), suite, 10));
    }
}
