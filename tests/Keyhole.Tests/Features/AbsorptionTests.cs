using Keyhole.Engine.Models;
using Keyhole.Features;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Features;

/// <summary>Words that begin with a, b or c. Memory 0 adds along dimension 0 at words with a; memory 1 adds there too, at some of them in its place; memories 2 and 3 do so for b and c along dimensions of their own.</summary>
public sealed class AbsorptionTests : IDisposable
{
    private const int Words = 240;
    private const int Width = 24;

    private readonly TinyRun _run = new();
    private readonly Model _model;
    private readonly FeatureBank _bank;
    private readonly LetterWords _words;
    private readonly float[][] _coefficients = new float[Words][];
    private readonly float[][] _outputs = new float[Words][];

    public AbsorptionTests()
    {
        TinyModel made = TinyModel.Opt(layers: 1, memories: 5, width: Width);
        float[] values = made.Tensors["model.decoder.layers.0.fc2.weight"].Values;   // [24, 5]
        values.AsSpan().Clear();
        foreach ((int memory, int dimension) in ((int, int)[])[(0, 0), (1, 0), (2, 1), (3, 2), (4, 3)])
        {
            values[(dimension * 5) + memory] = memory == 1 ? 0.5f : 1;
        }

        _model = Model.Open(_run.Model(made));
        _bank = FeatureBank.Load(_model, 0, permutation: null, threads: 1);
        _words = new LetterWords([.. Enumerable.Range(0, Words)], [.. Enumerable.Range(0, Words).Select(word => word % 3)], [.. Enumerable.Range(0, Words).Select(word => word >= Words / 2)]);
        var random = new Random(3);
        for (int word = 0; word < Words; word++)
        {
            bool absorbs = word % 3 == 0 && word >= Words / 2 && word % 4 == 0;   // a quarter of the held-out words with a
            _coefficients[word] = [word % 3 == 0 && !absorbs ? 1 : 0, absorbs ? 2 : 0, word % 3 == 1 ? 1 : 0, word % 3 == 2 ? 1 : 0, (float)random.NextDouble() * 0.3f];
            _outputs[word] = new float[Width];
            for (int memory = 0; memory < 5; memory++)
            {
                for (int d = 0; d < Width; d++)
                {
                    _outputs[word][d] += _coefficients[word][memory] * _bank.Value(memory)[d];
                }
            }
        }
    }

    public void Dispose()
    {
        _bank.Dispose();
        _model.Dispose();
        _run.Dispose();
    }

    [Fact]
    public void Words_that_another_memory_carries_are_counted()
    {
        var measured = new Absorption(_bank, _words, _coefficients, _coefficients, _outputs, new float[5]).Measure(new ParallelOptions()).ToDictionary(row => row.Measure, row => row.Estimate);
        Assert.Equal([0, 1, 2], _words.Asked);
        Assert.Equal(1, measured[FeatureMeasure.LetterProbeAuroc].Value);
        Assert.Equal(Words / 2, measured[FeatureMeasure.Silent].N);   // the probe finds all
        Assert.Equal(10.0 / 120, measured[FeatureMeasure.Silent].Value, 1e-12);
        Assert.Equal(10.0 / 120, measured[FeatureMeasure.Absorbed].Value, 1e-12);
        Assert.Equal(10.0 / 120, measured[FeatureMeasure.Missed].Value, 1e-12);
        Assert.Equal((1 + 1 + (0.75 + (0.25 / 2))) / 3, measured[FeatureMeasure.LetterMemoryAuroc].Value, 1e-12);
    }

    [Fact]
    public void A_memory_that_adds_little_carries_nothing()
    {
        foreach (float[] coefficients in _coefficients)
        {
            coefficients[1] = 0;   // the outputs stay: something else carries the letter
        }

        var measured = new Absorption(_bank, _words, _coefficients, _coefficients, _outputs, new float[5]).Measure(new ParallelOptions()).ToDictionary(row => row.Measure, row => row.Estimate);
        Assert.Equal(10.0 / 120, measured[FeatureMeasure.Silent].Value, 1e-12);
        Assert.Equal(0, measured[FeatureMeasure.Absorbed].Value);
        Assert.Equal(0, measured[FeatureMeasure.MissedAbsorbed].Value);
    }

    [Fact]
    public void A_memory_that_fires_is_not_silent_although_it_does_not_tell()
    {
        for (int word = Words / 2; word < Words; word++)
        {
            _coefficients[word][0] = _coefficients[word][1] > 0 ? 0.2f : _coefficients[word][0];
        }

        var measured = new Absorption(_bank, _words, _coefficients, _coefficients, _outputs, new float[5]).Measure(new ParallelOptions()).ToDictionary(row => row.Measure, row => row.Estimate);
        Assert.Equal(0, measured[FeatureMeasure.Silent].Value);
        Assert.Equal(0, measured[FeatureMeasure.Absorbed].Value);
        Assert.Equal(10.0 / 120, measured[FeatureMeasure.MissedAbsorbed].Value, 1e-12);
    }
}
