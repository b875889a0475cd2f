using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Planning;
using Keyhole.TestSupport;
using Xunit;
using Encoding = System.Text.Encoding;

namespace Keyhole.Tests.Planning;

public sealed class CorpusEstimatorTests : IDisposable
{
    private static readonly string ModelPath = Path.Combine(SharedData.Repository, "models", "mini");
    private static readonly string Text = File.ReadAllText(Path.Combine(SharedData.Repository, "corpora", "mini.train-sample.txt"));
    private readonly TemporaryFolder _folder = new();
    private readonly Model _model = Model.Open(ModelPath);
    private readonly Tokenizer _tokenizer = TokenizerLoader.Load(ModelPath);

    [Fact]
    public void A_small_corpus_is_counted_as_mining_counts_it()
    {
        string corpus = _folder.Write("a.txt", string.Join('\n', Text.Split('\n').Take(1000)));
        int[] layers = [0, 1];
        CorpusEstimate estimate = CorpusEstimator.Run(Options(corpus) with { Layers = layers }, _model.Spec, _tokenizer, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        using var miner = new Miner(Options(corpus) with { Layers = layers, Output = _folder.File("a.study") });
        MiningResult mined = miner.Run(cancellation: TestContext.Current.CancellationToken);
        Assert.True(estimate.IsCounted);
        Assert.Equal(new FileInfo(corpus).Length, estimate.Bytes);
        Assert.Equal(estimate.Bytes, estimate.SampledBytes);
        Assert.Equal(mined.Units, estimate.Units);
        Assert.Equal(mined.Tokens, estimate.Tokens);
        Assert.Equal(mined.FloatingPointOperations, estimate.Operations, 1e-9 * mined.FloatingPointOperations);
        RunEstimate run = RunEstimate.Make(Options(corpus) with { Layers = layers }, _model.Spec, _tokenizer.VocabularySize, estimate, 1e9, 1, 3600);
        Assert.InRange(new FileInfo(_folder.File("a.study")).Length / run.StudyBytes, 0.75, 1.25);
    }

    // Short lines first, long ones then: whoever looks at the beginning only is far off.
    [Theory]
    [InlineData("a.txt")]
    [InlineData("a.jsonl")]
    public void Of_a_large_file_the_sample_is_spread_over_it(string name)
    {
        string[] words = Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        string[] shortLines = [.. words.Chunk(4).Select(chunk => Line(name, chunk))];
        string[] longLines = [.. words.Chunk(60).Select(chunk => Line(name, chunk))];
        double units = (4 * shortLines.Length) + (4 * longLines.Length);
        string one = _folder.Write($"short-{name}", string.Join('\n', shortLines) + "\n");
        string two = _folder.Write($"long-{name}", string.Join('\n', longLines) + "\n");
        double tokens = 4 * (Estimate(one).Tokens + Estimate(two).Tokens);
        string corpus = _folder.Write(name, string.Concat(Enumerable.Repeat(File.ReadAllText(one), 4).Concat(Enumerable.Repeat(File.ReadAllText(two), 4))));
        CorpusEstimate estimate = Estimate(corpus);
        Assert.False(estimate.IsCounted);
        Assert.InRange(estimate.Tokens / tokens, 0.9, 1.1);
        Assert.InRange(estimate.Units / units, 0.9, 1.1);
        Assert.InRange(estimate.SampledBytes, 1, estimate.Bytes);
    }

    [Fact]
    public void Compressed_files_are_looked_at_from_their_beginnings()
    {
        byte[] text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Text, 3)));
        var paths = new List<string>();
        for (int i = 0; i < 6; i++)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(text);
            }

            paths.Add(_folder.Write($"{i}.txt.gz", packed.ToArray()));
        }

        double tokens = 18 * Estimate(_folder.Write("one.txt", Text)).Tokens;
        CorpusEstimate estimate = Estimate([.. paths]);
        Assert.False(estimate.IsCounted);
        Assert.InRange(estimate.Tokens / tokens, 0.95, 1.05);
    }

    [Fact]
    public void Text_without_lines_is_cut_between_characters()
    {
        string path = _folder.Write("a.txt", string.Concat(Enumerable.Repeat("漢字", 200_000)));
        byte[] piece = CorpusPiece.Cut(path, 100_001);
        Assert.NotEmpty(piece);
        Assert.Equal(piece, Encoding.UTF8.GetBytes(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(piece)));
    }

    [Fact]
    public void A_piece_begins_and_ends_with_lines()
    {
        string path = _folder.Write("a.txt", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"line {i:D6}\n")));
        string[] lines = Encoding.UTF8.GetString(CorpusPiece.Cut(path, 12_345)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Equal("line 000000".Length, line.Length));
        Assert.Equal("line 001029", lines[0]);
        Assert.StartsWith("line 000000\n", Encoding.UTF8.GetString(CorpusPiece.Cut(path, 0)), StringComparison.Ordinal);
        Assert.EndsWith("line 099999\n", Encoding.UTF8.GetString(CorpusPiece.Cut(path, 1_190_000)), StringComparison.Ordinal);
        Assert.Empty(CorpusPiece.Cut(path, 5_000_000));
    }

    [Fact]
    public void A_limit_counts_and_an_empty_corpus_is_refused()
    {
        string corpus = _folder.Write("a.txt", string.Join('\n', Text.Split('\n').Take(200)));
        CorpusEstimate all = Estimate(corpus);
        CorpusEstimate half = CorpusEstimator.Run(Options(corpus) with { Limit = (long)all.Units / 2 }, _model.Spec, _tokenizer, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal(Math.Floor(all.Units / 2), half.Units, 1e-6);
        Assert.Equal(all.Tokens * half.Units / all.Units, half.Tokens, 1e-3);
        Assert.Equal("KH5006", Assert.Throws<InputRefusedException>(() => Estimate(_folder.Write("empty.txt", "\n\n"))).Code);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    private static string Line(string name, string[] words)
        => name.EndsWith(".jsonl", StringComparison.Ordinal) ? JsonSerializer.Serialize(new { text = string.Join(' ', words) }) : string.Join(' ', words);

    private static MiningOptions Options(params string[] corpus) => new() { Model = ModelPath, Corpus = corpus, Output = string.Empty, Unit = UnitKind.Line, Threads = 2 };

    private CorpusEstimate Estimate(params string[] corpus) => CorpusEstimator.Run(Options(corpus), _model.Spec, _tokenizer, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
}
