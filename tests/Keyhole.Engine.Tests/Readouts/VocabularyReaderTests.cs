using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Readouts;

/// <summary>The reader against plain double-precision readouts of small models: RMSNorm, LayerNorm with bias, no norm with a projection, capped logits, a bias of the output, adaptive softmaxes; vocabularies of several tiles.</summary>
public sealed class VocabularyReaderTests : IDisposable
{
    private readonly Keyhole.TestSupport.TemporaryFolder _folder = new();

    public static TheoryData<string, int> Models => new()
    {
        { "llama", 260 }, { "llama", 2048 }, { "llama", 5001 }, { "opt", 300 }, { "opt", 4133 }, { "opt-350m", 777 },
        { "gemma2", 600 }, { "gptj", 2300 }, { "fairseq", 260 }, { "fairseq", 4500 }, { "fairseq, final norm", 2600 }, { "fairseq, narrow ends", 700 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Linear_readouts_agree_with_double_precision(string kind, int vocabulary)
    {
        using Model model = Open(kind, vocabulary);
        var twin = new HeadTwin(model);
        foreach (Readout readout in new[] { Readout.Folded, Readout.Raw })
        {
            using Vectors vectors = Vectors.Random(37, model.Spec.Width, seed: 5);
            using var reader = new VocabularyReader(model, 2);
            using var prepared = new AlignedBuffer(37L * reader.Width);
            reader.Prepare(readout, vectors.View, prepared.Matrix(37, reader.Width));
            int[] probes = [.. Enumerable.Range(0, 37 * 3).Select(i => i * 7919 % vocabulary)];
            ScanResult result = reader.Scan(prepared.Matrix(37, reader.Width), new ScanOptions { Top = 5, Bottom = 4, LogSumExp = true, Entropy = true, Probes = ScanProbes.Each(3, probes) });
            for (int row = 0; row < 37; row++)
            {
                double[] z = twin.Linear(vectors.View.Row(row), readout == Readout.Folded);
                Require(result, row, z, 5, 4, probes.AsSpan(row * 3, 3));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void States_agree_with_the_models_head_in_double_precision(string kind, int vocabulary)
    {
        using Model model = Open(kind, vocabulary);
        var twin = new HeadTwin(model);
        using Vectors states = Vectors.Random(50, model.Spec.Width, seed: 8);
        using var reader = new VocabularyReader(model, 3);
        using var prepared = new AlignedBuffer(50L * reader.Width);
        var scales = new float[50];
        reader.PrepareStates(states.View, prepared.Matrix(50, reader.Width), scales);
        int[] probes = [.. Enumerable.Range(0, 50).Select(i => i * 104729 % vocabulary)];
        ScanResult result = reader.Scan(prepared.Matrix(50, reader.Width), new ScanOptions { Scales = scales, LinearTop = reader.IsLinear, LogSumExp = true, Entropy = true, Bottom = 1, Probes = ScanProbes.Each(1, probes), WholeRows = [49, 3] });
        foreach ((int row, float[] whole) in new[] { 49, 3 }.Zip(result.WholeLogits))
        {
            Assert.Equal(vocabulary, whole.Length);
            Assert.Equal((result.TopLogits[row], result.ProbeLogits[row]), (whole[result.TopTokens[row]], whole[probes[row]]));
            Assert.All(twin.Model(states.View.Row(row)).Zip(whole), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }

        for (int row = 0; row < 50; row++)
        {
            Require(result, row, twin.Model(states.View.Row(row)), 1, 1, probes.AsSpan(row, 1));
            if (reader.IsLinear)
            {
                double[] linear = twin.Linear(states.View.Row(row), folded: true);
                Assert.True(linear[result.LinearTop[row]] >= linear.Max() - 1e-4);
            }
        }

        Assert.Equal(kind is "llama" or "opt-350m" or "fairseq", reader.ModelRanksAsFolded);
        Assert.Equal(model.Spec.Head.Adaptive is null, reader.IsLinear);
        if (!reader.IsLinear)
        {
            Assert.All(result.LogSumExp, sum => Assert.Equal(0, sum, 1e-5));
            Assert.Throws<ArgumentException>(() => reader.Scan(prepared.Matrix(50, reader.Width), new ScanOptions { Scales = scales, LinearTop = true }));
        }
    }

    [Theory]
    [InlineData("gemma2")]
    [InlineData("llama")]
    public void Values_are_read_through_the_norm_of_their_layers_output(string kind)
    {
        using Model model = Open(kind, 300);
        var twin = new HeadTwin(model);
        using var reader = new VocabularyReader(model, 1);
        using Vectors values = Vectors.Random(9, model.Spec.Width, seed: 6);
        using var prepared = new AlignedBuffer(9L * reader.Width);
        foreach (Readout readout in new[] { Readout.Folded, Readout.Raw })
        {
            reader.PrepareValues(1, readout, values.View, prepared.Matrix(9, reader.Width));
            ScanResult result = reader.Scan(prepared.Matrix(9, reader.Width), new ScanOptions { Top = 4, Bottom = 2, LogSumExp = true, Entropy = true });
            for (int row = 0; row < 9; row++)
            {
                Require(result, row, twin.Value(1, values.View.Row(row), readout == Readout.Folded), 4, 2, []);
            }
        }
    }

    [Theory]
    [InlineData("fairseq")]
    [InlineData("opt")]
    public void The_top_token_of_a_vector_of_any_length_is_the_top_of_a_band(string kind)
    {
        using Model model = Open(kind, 2600);
        var twin = new HeadTwin(model);
        using var reader = new VocabularyReader(model, 2);
        using Vectors vectors = Vectors.Random(30, model.Spec.Width, seed: 12);
        using var prepared = new AlignedBuffer(30L * reader.Width);
        reader.Prepare(Readout.Raw, vectors.View, prepared.Matrix(30, reader.Width));
        BandExtremes extremes = reader.Extremes(prepared.Matrix(30, reader.Width), TestContext.Current.CancellationToken);
        int moved = 0;
        for (int row = 0; row < 30; row++)
        {
            int[] tops = [.. new[] { 0.02f, 1, 40, -0.1f, -3 }.Select(scale =>
            {
                double[] z = twin.Linear([.. vectors.View.Row(row).ToArray().Select(value => value * scale)], folded: false);
                int top = Array.IndexOf(z, z.Max());
                Assert.Contains(top, Enumerable.Range(0, extremes.Bands).Select(band => scale > 0 ? extremes.Top(row, band) : extremes.Bottom(row, band)));
                return top;
            })];
            moved += tops[..3].Distinct().Count() > 1 ? 1 : 0;
        }

        Assert.Equal(kind == "fairseq", moved > 0);
        Assert.Equal(kind == "fairseq" ? 3 : 1, extremes.Bands);
    }

    [Theory]
    [InlineData("opt")]
    [InlineData("fairseq")]
    public void Rows_and_threads_change_no_bit(string kind)
    {
        using Model model = Open(kind, 3001);
        using Vectors vectors = Vectors.Random(300, model.Spec.Width, seed: 3);
        int[] probes = [.. Enumerable.Range(0, 300).Select(i => i * 31 % 3001)];
        ScanResult Scan(int first, int count, int threads)
        {
            using var reader = new VocabularyReader(model, threads);
            using var prepared = new AlignedBuffer((long)count * reader.Width);
            var scales = new float[count];
            reader.PrepareStates(vectors.View.RowRange(first, count), prepared.Matrix(count, reader.Width), scales);
            return reader.Scan(prepared.Matrix(count, reader.Width), new ScanOptions { Top = 3, Scales = scales, LogSumExp = true, Entropy = true, Probes = ScanProbes.Each(1, probes[first..(first + count)]) });
        }

        ScanResult whole = Scan(0, 300, 1);
        ScanResult part = Scan(130, 45, 3);
        Assert.Equal(whole.TopTokens[390..525], part.TopTokens);
        Assert.Equal(whole.TopLogits[390..525], part.TopLogits);
        Assert.Equal(whole.LogSumExp[130..175], part.LogSumExp);
        Assert.Equal(whole.Entropy[130..175], part.Entropy);
        Assert.Equal(whole.ProbeRanks[130..175], part.ProbeRanks);
        Assert.Equal(whole.ProbeLogits[130..175], part.ProbeLogits);
    }

    [Fact]
    public void Equal_logits_share_the_mean_of_their_ranks_and_the_lower_id_comes_first()
    {
        // A vector of zeros: every logit is 0.
        using Model model = Open("llama", 260);
        using var reader = new VocabularyReader(model, 1);
        using var zeros = new AlignedBuffer(reader.Width);
        ScanResult result = reader.Scan(zeros.Matrix(1, reader.Width), new ScanOptions { Top = 3, Bottom = 2, LogSumExp = true, Entropy = true, Probes = ScanProbes.Each(2, [0, 259]) });
        Assert.Equal([0, 1, 2], result.TopTokens);
        Assert.Equal([0, 1], result.BottomTokens);
        Assert.Equal([129.5, 129.5], result.ProbeRanks);
        Assert.Equal(Math.Log(260), result.LogSumExp[0], 1e-9);
        Assert.Equal(Math.Log(260), result.Entropy[0], 1e-9);
    }

    [Fact]
    public void A_token_outside_the_vocabulary_is_refused()
    {
        using Model model = Open("llama", 260);
        using var reader = new VocabularyReader(model, 1);
        using var row = new AlignedBuffer(reader.Width);
        Assert.Throws<ArgumentException>(() => reader.Scan(row.Matrix(1, reader.Width), new ScanOptions { Probes = ScanProbes.Each(1, [260]) }));
        Assert.Throws<ArgumentException>(() => reader.Scan(row.Matrix(1, reader.Width), new ScanOptions { Probes = ScanProbes.Each(1, [1, 2]) }));
    }

    public void Dispose() => _folder.Dispose();

    private Model Open(string kind, int vocabulary)
    {
        TinyModel tiny = kind switch
        {
            "llama" => TinyModel.Llama(vocabulary: vocabulary),
            "opt" => TinyModel.Opt(vocabulary: vocabulary),
            "gemma2" => TinyModel.Gemma2(vocabulary),
            "gptj" => TinyModel.GptJ(vocabulary),
            "fairseq" => TinyModel.Fairseq(vocabulary: vocabulary),
            "fairseq, final norm" => TinyModel.Fairseq("paper, final norm", vocabulary),
            "fairseq, narrow ends" => TinyModel.Fairseq("narrow ends", vocabulary),
            _ => TinyModel.Opt(vocabulary: vocabulary, embeddingWidth: 10, normBefore: false),
        };
        return Model.Open(tiny.Write(_folder.File($"{kind}-{vocabulary}")));
    }

    private static void Require(ScanResult result, int row, double[] z, int top, int bottom, ReadOnlySpan<int> probes)
    {
        const double Tolerance = 1e-4;
        double[] falling = [.. z.OrderDescending()];
        for (int i = 0; i < top; i++)
        {
            int token = result.TopTokens[(row * top) + i];
            Assert.Equal(falling[i], z[token], Tolerance);
            Assert.Equal(z[token], result.TopLogits[(row * top) + i], Tolerance);
        }

        for (int i = 0; i < bottom; i++)
        {
            int token = result.BottomTokens[(row * bottom) + i];
            Assert.Equal(falling[^(i + 1)], z[token], Tolerance);
            Assert.Equal(z[token], result.BottomLogits[(row * bottom) + i], Tolerance);
        }

        double logSum = falling[0] + Math.Log(z.Sum(value => Math.Exp(value - falling[0])));
        Assert.Equal(logSum, result.LogSumExp[row], 1e-5);
        Assert.Equal(-z.Sum(value => Math.Exp(value - logSum) * (value - logSum)), result.Entropy[row], 1e-4);
        for (int i = 0; i < probes.Length; i++)
        {
            int at = (row * probes.Length) + i;
            double logit = z[probes[i]];
            Assert.Equal(logit, result.ProbeLogits[at], Tolerance);
            Assert.InRange(result.ProbeRanks[at], z.Count(value => value > logit + Tolerance), z.Count(value => value >= logit - Tolerance) - 1);
        }
    }
}
