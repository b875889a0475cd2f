using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Features;
using Keyhole.Mining;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Features;

public sealed class FeatureAnalyzerTests : IDisposable
{
    private const ulong NullStream = 0x6665_0006;

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    public static TheoryData<string> Models { get; } = ["opt", "llama", "mixtral", "parallel lengths"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Alive_L0_and_explained_variance_are_those_of_the_twin(string name)
    {
        FeatureOptions options = Study(Make(name)) with { Positions = 300, TopK = [1, 3, 10, 1000], SaeBench = true, Seed = 5 };
        FeatureResult result = FeatureAnalyzer.Run(options, cancellation: TestContext.Current.CancellationToken);
        using Study study = Keyhole.Studies.Study.Open(options.Study);
        using Model model = Model.Open(study.Provenance.ModelPath);
        FeatureSample sample = FeatureSample.Draw(study, startsWithBos: true, options.Positions, options.Seed, TestContext.Current.CancellationToken);
        Assert.Equal(sample.Positions.ToString(), result.Options["positions"]);
        for (int layer = 0; layer < 2; layer++)
        {
            foreach (FeatureSource source in (FeatureSource[])[FeatureSource.Memories, FeatureSource.Permuted])
            {
                FeatureTwin twin = FeatureTwin.Of(model, layer, source == FeatureSource.Permuted ? options.Seed ^ NullStream : null, sample);
                double Value(FeatureMeasure measure, int k = 0) => result.Find(layer, source, measure, k)!.Estimate.Value;
                Assert.Equal(twin.Alive(), Value(FeatureMeasure.Alive), 1e-12);
                Assert.Equal(twin.L0(), Value(FeatureMeasure.L0), 0.01);   // a coefficient may stand at its threshold
                foreach (int k in options.TopK)
                {
                    Assert.Equal(twin.ExplainedVariance(k), Value(FeatureMeasure.ExplainedVariance, k), 1e-4);
                    Assert.Equal(twin.SaeBench(k), Value(FeatureMeasure.SaeBenchExplainedVariance, k), 1e-4);
                    Assert.Equal(twin.Kept(k), Value(FeatureMeasure.Kept, k), 1e-12);
                }

                Assert.Equal(1, Value(FeatureMeasure.ExplainedVariance, 1000), 1e-6);   // all memories are kept
            }
        }
    }

    [Fact]
    public void Explained_variance_of_orthogonal_values_is_that_of_the_coefficients_alone()
    {
        TinyModel made = TinyModel.Opt(layers: 1, memories: 16);
        float[] values = made.Tensors["model.decoder.layers.0.fc2.weight"].Values;   // [24, 16]: value i is the unit vector i
        for (int at = 0; at < values.Length; at++)
        {
            values[at] = at / 16 == at % 16 ? 1 : 0;
        }

        FeatureOptions options = Study(made) with { Positions = 200, TopK = [2] };
        FeatureResult result = FeatureAnalyzer.Run(options, cancellation: TestContext.Current.CancellationToken);
        using Study study = Keyhole.Studies.Study.Open(options.Study);
        using Model model = Model.Open(study.Provenance.ModelPath);
        FeatureSample sample = FeatureSample.Draw(study, startsWithBos: true, options.Positions, options.Seed, TestContext.Current.CancellationToken);
        List<double[]> m = FeatureTwin.Of(model, 0, null, sample).Coefficients;
        double lost = m.Sum(position => position.Order().Take(14).Sum(value => value * value));
        double all = Enumerable.Range(0, 16).Sum(memory => m.Sum(position => Math.Pow(position[memory] - m.Average(one => one[memory]), 2)));
        Assert.Equal(1 - (lost / all), result.Find(0, FeatureSource.Memories, FeatureMeasure.ExplainedVariance, 2)!.Estimate.Value, 1e-5);
    }

    [Fact]
    public void Threads_change_nothing_and_the_study_keeps_what_was_measured()
    {
        FeatureOptions options = Study(TinyModel.Llama()) with { Positions = 400, SaeBench = true, Seed = 9, Threads = 1 };
        FeatureResult one = FeatureAnalyzer.Run(options, cancellation: TestContext.Current.CancellationToken);
        FeatureResult three = FeatureAnalyzer.Run(options with { Threads = 3 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(one.Rows, three.Rows);
        Assert.Equal(one.Tasks, three.Tasks);
        using Study study = Keyhole.Studies.Study.Open(options.Study);
        FeatureResult stored = FeatureAnalyzer.Read(study)!;
        Assert.Equal(one.Rows, stored.Rows);
        Assert.Equal(one.Tasks, stored.Tasks);
        Assert.Equal(one.Options, stored.Options);
        Assert.NotEqual(one.Rows, FeatureAnalyzer.Run(options with { Seed = 10 }, cancellation: TestContext.Current.CancellationToken).Rows);
    }

    [Fact]
    public void A_planted_memory_tells_its_task_and_its_permuted_key_does_not()
    {
        // Texts of small letters, half of them with one digit inside. Attention adds nothing, and dimensions 0 and 1 of an embedding say whether a byte is a digit.
        TinyModel made = TinyModel.Opt(layers: 1, memories: 8, affine: false);
        made.Tensors["model.decoder.layers.0.self_attn.out_proj.weight"].Values.AsSpan().Clear();
        made.Tensors["model.decoder.layers.0.self_attn.out_proj.bias"].Values.AsSpan().Clear();
        made.Tensors["model.decoder.embed_positions.weight"].Values.AsSpan().Clear();
        float[] embeddings = made.Tensors["model.decoder.embed_tokens.weight"].Values;   // [260, 24]
        for (int token = 0; token < 260; token++)
        {
            bool isDigit = token - 2 is >= '0' and <= '9';
            (embeddings[token * 24], embeddings[(token * 24) + 1]) = isDigit ? (3, -3) : (-3, 3);
        }

        float[] keys = made.Tensors["model.decoder.layers.0.fc1.weight"].Values;   // [8, 24]: the first key looks for digits, the others for nothing
        keys.AsSpan().Clear();
        keys[0] = 1;
        made.Tensors["model.decoder.layers.0.fc1.bias"].Values.AsSpan().Clear();
        var random = new Random(4);
        string[] lines = [.. Enumerable.Range(0, 400).Select(line =>
        {
            char[] letters = [.. Enumerable.Range(0, 14).Select(_ => (char)random.Next('a', 'z' + 1))];
            if (line % 2 == 0)
            {
                letters[random.Next(2, 12)] = (char)random.Next('0', '9' + 1);
            }

            return new string(letters);
        })];
        FeatureOptions options = Study(made, lines) with { Positions = 100_000 };
        FeatureResult result = FeatureAnalyzer.Run(options, cancellation: TestContext.Current.CancellationToken);
        Estimate real = result.Find(0, FeatureSource.Memories, FeatureMeasure.ProbeAccuracy, 1, "digits")!.Estimate;
        Estimate permuted = result.Find(0, FeatureSource.Permuted, FeatureMeasure.ProbeAccuracy, 1, "digits")!.Estimate;
        Assert.Equal(1, real.Value);
        Assert.True(permuted.Interval.Contains(0.5), $"the null's accuracy is {permuted.Value}");
        Assert.True(result.Find(0, FeatureSource.Residual, FeatureMeasure.ProbeAccuracy, 0, "digits")!.Estimate.Value > 0.95);
        Assert.Equal(1.0 / 8, result.Find(0, FeatureSource.Memories, FeatureMeasure.Alive)!.Estimate.Value);
    }

    [Fact]
    public void What_cannot_be_measured_is_refused_and_the_study_stays_as_it_was()
    {
        FeatureOptions options = Study(TinyModel.Llama());
        Assert.Equal("KH7902", Assert.Throws<InputRefusedException>(() => FeatureAnalyzer.Run(options with { Layers = [0, 2] }, cancellation: TestContext.Current.CancellationToken)).Code);
        FeatureOptions shortest = Study(TinyModel.Llama(), ["a", "b"]);
        Assert.Equal("KH7901", Assert.Throws<InputRefusedException>(() => FeatureAnalyzer.Run(shortest, cancellation: TestContext.Current.CancellationToken)).Code);
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => FeatureAnalyzer.Run(options, cancellation: stopped.Token));
        using Study study = Keyhole.Studies.Study.Open(options.Study);
        Assert.Null(FeatureAnalyzer.Read(study));
    }

    [Fact]
    public void One_layer_alone_has_the_numbers_that_it_has_among_all()
    {
        FeatureOptions options = Study(TinyModel.Mixtral()) with { Positions = 200 };
        FeatureResult all = FeatureAnalyzer.Run(options, cancellation: TestContext.Current.CancellationToken);
        FeatureResult last = FeatureAnalyzer.Run(options with { Layers = [1] }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(all.Rows.Where(row => row.Layer == 1), last.Rows);
    }

    private static TinyModel Make(string name) => name switch
    {
        "opt" => TinyModel.Opt(),
        "llama" => TinyModel.Llama(memoryBias: true),
        "mixtral" => TinyModel.Mixtral(),
        _ => TinyModel.Opt(width: 36, memories: 70, heads: 4, bias: false),
    };

    private FeatureOptions Study(TinyModel model, IReadOnlyList<string>? lines = null)
    {
        MiningOptions mining = _run.Options(_run.Model(model, $"model-{Guid.NewGuid():N}"), _run.Corpus(lines ?? TinyRun.Lines));
        TinyRun.Mine(mining).Dispose();
        return new FeatureOptions { Study = mining.Output, Threads = 2 };
    }
}
