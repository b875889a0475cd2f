using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Perplexity;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Perplexity;

public sealed class PerplexityMeterTests : IDisposable
{
    private const string Text = "the naïve cat sat\n on größe 🙂 of  the river stone and a mat; the end of the text is here";

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(BosPolicy.Auto, null, null)]
    [InlineData(BosPolicy.Auto, 16, null)]
    [InlineData(BosPolicy.Auto, 16, 5)]
    [InlineData(BosPolicy.Auto, 2, 1)]
    [InlineData(BosPolicy.Never, 16, null)]
    [InlineData(BosPolicy.Never, 16, 5)]
    [InlineData(BosPolicy.Never, 16, 1)]
    public void A_stream_is_scored_as_a_plain_reading_of_the_rule_scores_it(BosPolicy bos, int? window, int? stride)
    {
        string model = _run.Model(TinyModel.Llama());
        string corpus = Write("text.txt", Text);
        PerplexityResult result = Measure(Options(model, corpus) with { Bos = bos, Window = window, Stride = stride });
        int[] ids = TokenizerLoader.Load(model).Encode(Text, addSpecialTokens: false).Ids;
        int[] head = bos == BosPolicy.Never ? [] : [0];
        int size = window ?? 64;
        int step = stride ?? (size - head.Length);
        (double nats, HashSet<int> unscored) = Twin(model, ids, head, size, step);
        Assert.Equal(nats, result.Nats, 1e-5 * nats);
        Assert.Equal((ids.Length - unscored.Count, unscored.Count), ((int)result.Tokens, (int)result.UnscoredTokens));
        Assert.Equal((size, step), (result.Window, result.Stride));

        // One token a byte: the bytes of the tokens that are scored, but that a character counts with its first byte.
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(Text);
        Assert.Equal(bytes.Length, ids.Length);
        if (head.Length == 1)
        {
            Assert.Equal(bytes.Length, result.Bytes);
            Assert.Equal(Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length, result.Words);
        }
        else
        {
            Assert.InRange(result.Bytes, bytes.Length - (4 * unscored.Count), bytes.Length - 1);
        }

        Assert.Equal(Math.Exp(nats / result.Tokens), result.Perplexity, 1e-4 * result.Perplexity);
        Assert.Equal(result.Nats / Math.Log(2) / result.Bytes, result.BitsPerByte, 1e-12);
        Assert.Equal(Math.Log(result.WordPerplexity) * result.Words, result.Nats, 1e-9 * nats);
    }

    [Fact]
    public void Units_are_scored_alone_and_the_total_is_theirs()
    {
        string model = _run.Model(TinyModel.Opt());
        string corpus = _run.Corpus(TinyRun.Lines);
        PerplexityResult all = Measure(Options(model, corpus) with { Unit = UnitKind.Line, Window = 20, Stride = 7 });
        Tokenizer tokenizer = TokenizerLoader.Load(model);
        double total = 0;
        Assert.Equal(TinyRun.Lines.Count, all.Perplexities.Count);
        for (int i = 0; i < TinyRun.Lines.Count; i++)
        {
            int[] ids = tokenizer.Encode(TinyRun.Lines[i], addSpecialTokens: false).Ids;
            (double nats, _) = Twin(model, ids, [0], 20, 7);
            Assert.Equal(Math.Exp(nats / ids.Length), all.Perplexities[i], 1e-4 * all.Perplexities[i]);
            total += nats;
        }

        Assert.Equal(total, all.Nats, 1e-5 * total);
        Assert.Equal(all.Perplexities.Average(), all.MeanPerplexity, 1e-9);
        Assert.Equal(TinyRun.Lines.Sum(System.Text.Encoding.UTF8.GetByteCount), all.Bytes);
    }

    [Fact]
    public void Neither_threads_nor_chunks_change_a_bit()
    {
        string model = _run.Model(TinyModel.Llama());
        PerplexityOptions options = Options(model, _run.Corpus(TinyRun.Lines)) with { Unit = UnitKind.Line, Window = 24, Stride = 10 };
        PerplexityResult one = Measure(options with { Threads = 1, ChunkTokens = 1 });
        foreach (int chunk in new[] { 37, 300, 100_000 })
        {
            PerplexityResult other = Measure(options with { Threads = 3, ChunkTokens = chunk });
            Assert.Equal(one.Nats, other.Nats);
            Assert.Equal(one.Perplexities, other.Perplexities);
        }
    }

    [Fact]
    public void A_model_that_knows_nothing_has_the_size_of_its_vocabulary()
    {
        var blank = TinyModel.Llama(vocabulary: 260);
        Array.Clear(blank.Tensors["lm_head.weight"].Values);
        PerplexityResult result = Measure(Options(_run.Model(blank), Write("text.txt", Text)));
        Assert.Equal(260, result.Perplexity, 1e-4);
        Assert.Equal(Math.Log2(260), result.BitsPerByte, 1e-6);
    }

    [Fact]
    public void The_first_token_of_a_text_without_bos_is_not_scored_nor_its_word()
    {
        string model = _run.Model(TinyModel.Llama());
        PerplexityResult result = Measure(Options(model, _run.Corpus(["ab cd", "x", "é f"])) with { Unit = UnitKind.Line, Bos = BosPolicy.Never });
        Assert.Equal((7, 3), (result.Tokens, result.UnscoredTokens));   // 'ab cd' 4 of 5; 'x' none; 'é f' 3 of 4
        Assert.Equal(3, result.Words);                                  // cd, f, and é, of which the second byte is scored
        Assert.Equal(1, result.UnscoredTexts);
        Assert.True(double.IsNaN(result.Perplexities[1]));
        Assert.Equal((result.Perplexities[0] + result.Perplexities[2]) / 2, result.MeanPerplexity, 1e-9);
    }

    [Theory]
    [InlineData("KH5801", 65, null)]
    [InlineData("KH5801", 1, null)]
    [InlineData("KH5802", 16, 17)]
    [InlineData("KH5802", 16, 0)]
    public void Windows_and_strides_that_cannot_be_are_refused(string code, int window, int? stride)
    {
        string model = _run.Model(TinyModel.Llama(context: 64));
        PerplexityOptions options = Options(model, Write("text.txt", Text)) with { Window = window, Stride = stride };
        Assert.Equal(code, Assert.Throws<InputRefusedException>(() => Measure(options)).Code);
    }

    [Theory]
    [InlineData("", BosPolicy.Auto)]
    [InlineData("a", BosPolicy.Never)]
    public void A_text_without_two_tokens_is_refused(string text, BosPolicy bos)
    {
        string model = _run.Model(TinyModel.Llama());
        PerplexityOptions options = Options(model, Write("text.txt", text)) with { Bos = bos };
        Assert.Equal("KH5803", Assert.Throws<InputRefusedException>(() => Measure(options)).Code);
    }

    [Fact]
    public void Weights_that_are_no_numbers_give_an_error_and_no_score()
    {
        var broken = TinyModel.Llama();
        broken.Tensors["lm_head.weight"].Values[100] = float.NaN;
        PerplexityOptions options = Options(_run.Model(broken), Write("text.txt", Text));
        Assert.Throws<NotFiniteException>(() => Measure(options));
    }

    [Fact]
    public void It_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        using var meter = new PerplexityMeter(Options(_run.Model(TinyModel.Llama()), Write("text.txt", Text)));
        Assert.ThrowsAny<OperationCanceledException>(() => meter.Run(cancellation: stop.Token));
    }

    private static PerplexityOptions Options(string model, string corpus) => new() { Model = model, Corpus = [corpus], Threads = 2, ChunkTokens = 50 };

    private static PerplexityResult Measure(PerplexityOptions options)
    {
        using var meter = new PerplexityMeter(options);
        return meter.Run(cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void The_line_end_at_the_end_of_a_file_is_no_part_of_its_text()
    {
        string model = _run.Model(TinyModel.Llama());
        Assert.Equal(Measure(Options(model, Write("a.txt", Text))).Nats, Measure(Options(model, Write("b.txt", Text + "\n"))).Nats);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_run.Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    // Each token that can be is scored in the first window that holds it, by the plain formula in double precision over the stored logits.
    private static (double Nats, HashSet<int> Unscored) Twin(string path, int[] ids, int[] head, int window, int stride)
    {
        using Model model = Model.Open(path);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        int body = window - head.Length;
        HashSet<int> seen = [];
        HashSet<int> unscored = [];
        double nats = 0;
        for (int start = 0; !seen.Contains(ids.Length - 1); start += stride)
        {
            int[] held = [.. ids.Skip(start).Take(body)];
            int[] run = [.. head, .. held];
            var capture = new SiteCapture(model.Spec, run.Length, ["logits"]);
            pass.Run(TokenBatch.OfText(run), capture);
            float[] logits = capture.Values(Site.Logits, model.Spec.LayerCount);
            int vocabulary = model.Spec.VocabularySize;
            for (int i = 0; i < held.Length; i++)
            {
                int row = head.Length + i - 1;
                if (!seen.Add(start + i))
                {
                    continue;
                }

                if (row < 0)
                {
                    unscored.Add(start + i);
                    continue;
                }

                double sum = 0;
                for (int v = 0; v < vocabulary; v++)
                {
                    sum += Math.Exp(logits[(row * vocabulary) + v]);
                }

                nats += Math.Log(sum) - logits[(row * vocabulary) + held[i]];
            }
        }

        return (nats, unscored);
    }
}
