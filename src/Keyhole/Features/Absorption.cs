using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>
/// First-letter absorption (Chanin et al. 2024, "A is for absorption", in the simplified form of SAEBench): at words where a probe of the layer's output finds the first letter, does the
/// letter's main memory fire, and if it does not, does another memory carry the letter?
/// </summary>
internal sealed class Absorption
{
    /// <summary>Least cosine between the probe's direction and the value of a memory that carries the letter, in the sense in which it fires (SAEBench's threshold).</summary>
    public const double LeastCosine = 0.025;

    /// <summary>Least part of the output's projection on the probe's direction that this memory gives (SAEBench's threshold).</summary>
    public const double LeastPart = 0.4;

    private readonly FeatureBank _bank;
    private readonly LetterWords _words;
    private readonly float[][] _coefficients;    // m, [words][M]
    private readonly float[][] _contributions;   // what multiplies the values, [words][M]
    private readonly float[][] _outputs;         // y, [words][D]
    private readonly float[] _thresholds;

    /// <param name="bank">The bank.</param>
    /// <param name="words">The words.</param>
    /// <param name="coefficients">m at each word, shape [words][M].</param>
    /// <param name="contributions">What multiplies the values at each word, shape [words][M].</param>
    /// <param name="outputs">The layer's output at each word, b2 included, shape [words][D].</param>
    /// <param name="thresholds">A memory fires where |m| is above its own, shape [M].</param>
    public Absorption(FeatureBank bank, LetterWords words, float[][] coefficients, float[][] contributions, float[][] outputs, float[] thresholds)
        => (_bank, _words, _coefficients, _contributions, _outputs, _thresholds) = (bank, words, coefficients, contributions, outputs, thresholds);

    /// <summary>Measures over all letters that enough words begin with; nothing where there is none.</summary>
    /// <param name="parallel">Threads that fit probes, and what stops them.</param>
    public IEnumerable<(FeatureMeasure Measure, Estimate Estimate)> Measure(ParallelOptions parallel)
    {
        if (_words.Asked.Length == 0)
        {
            yield break;
        }

        int[] training = [.. Enumerable.Range(0, _words.Letters.Length).Where(word => !_words.HeldOut[word])];
        int[] heldOut = [.. Enumerable.Range(0, _words.Letters.Length).Where(word => _words.HeldOut[word])];
        var fitting = new LogisticProbes([.. training.Select(word => _outputs[word])]);
        var probes = new LinearProbe[_words.Asked.Length];
        Parallel.For(0, probes.Length, parallel, place => probes[place] = fitting.Fit([.. training.Select(word => _words.Letters[word] == _words.Asked[place])]));
        var counts = new AbsorptionCounts();
        var probeAreas = new List<double>();
        var memoryAreas = new List<double>();
        foreach ((LinearProbe probe, int letter) in probes.Zip(_words.Asked))
        {
            MainMemory main = FindMain(letter, training);
            bool[] labels = [.. heldOut.Select(word => _words.Letters[word] == letter)];
            probeAreas.Add(Ranking.Auroc([.. heldOut.Select(word => probe.Score(_outputs[word]))], labels));
            memoryAreas.Add(Ranking.Auroc([.. heldOut.Select(word => (double)(main.Sign * _coefficients[word][main.Memory]))], labels));
            Count(probe, main, heldOut.Where(word => _words.Letters[word] == letter), counts);
        }

        yield return (FeatureMeasure.LetterProbeAuroc, MeanOf(probeAreas));
        yield return (FeatureMeasure.LetterMemoryAuroc, MeanOf(memoryAreas));
        foreach ((FeatureMeasure measure, long count) in ((FeatureMeasure, long)[])[(FeatureMeasure.Silent, counts.Silent), (FeatureMeasure.Absorbed, counts.Absorbed), (FeatureMeasure.Missed, counts.Missed), (FeatureMeasure.MissedAbsorbed, counts.MissedAbsorbed)])
        {
            yield return (measure, new Share(count, counts.Found).ToEstimate());
        }
    }

    // The memory whose means over the training words with and without the letter differ most, in the sense in which it tells the letter; halfway between the means it is at its threshold.
    private MainMemory FindMain(int letter, int[] training)
    {
        var with = new double[_bank.Memories];
        var without = new double[_bank.Memories];
        int count = training.Count(word => _words.Letters[word] == letter);
        foreach (int word in training)
        {
            bool begins = _words.Letters[word] == letter;
            double[] mean = begins ? with : without;
            double weight = 1.0 / (begins ? count : training.Length - count);
            ReadOnlySpan<float> coefficients = _coefficients[word];
            for (int memory = 0; memory < mean.Length; memory++)
            {
                mean[memory] += weight * coefficients[memory];
            }
        }

        int best = 0;
        for (int memory = 1; memory < with.Length; memory++)
        {
            best = Math.Abs(with[memory] - without[memory]) > Math.Abs(with[best] - without[best]) ? memory : best;
        }

        int sign = with[best] >= without[best] ? 1 : -1;
        return new MainMemory(best, sign, sign * (with[best] + without[best]) / 2);
    }

    private void Count(LinearProbe probe, MainMemory main, IEnumerable<int> words, AbsorptionCounts counts)
    {
        double length = Math.Sqrt(probe.Direction.Sum(value => value * value));
        var alongs = new double[_bank.Memories];   // v . d / |d|
        for (int memory = 0; memory < alongs.Length; memory++)
        {
            alongs[memory] = Along(_bank.Value(memory));
        }

        foreach (int word in words.Where(word => probe.Score(_outputs[word]) > 0))
        {
            float coefficient = main.Sign * _coefficients[word][main.Memory];
            bool silent = coefficient <= _thresholds[main.Memory];
            bool missed = coefficient <= main.Middle;
            bool carried = (silent || missed) && IsCarried(word, main.Memory, alongs, Along(_outputs[word]));
            counts.Found++;
            counts.Silent += silent ? 1 : 0;
            counts.Absorbed += silent && carried ? 1 : 0;
            counts.Missed += missed ? 1 : 0;
            counts.MissedAbsorbed += missed && carried ? 1 : 0;
        }

        double Along(ReadOnlySpan<float> vector)
        {
            double sum = 0;
            for (int d = 0; d < vector.Length; d++)
            {
                sum += probe.Direction[d] * vector[d];
            }

            return sum / length;
        }
    }

    // Whether the memory that adds most along the direction, the main one apart, adds enough, by a value that is near enough to it.
    private bool IsCarried(int word, int main, double[] alongs, double projection)
    {
        int best = -1;
        float[] contributions = _contributions[word];
        for (int memory = 0; memory < alongs.Length; memory++)
        {
            if (memory != main && (best < 0 || contributions[memory] * alongs[memory] > contributions[best] * alongs[best]))
            {
                best = memory;
            }
        }

        return best >= 0 && projection > 0
            && contributions[best] * alongs[best] >= LeastPart * projection
            && Math.Abs(alongs[best]) >= LeastCosine * _bank.Norms[best];
    }

    private static Estimate MeanOf(List<double> areas) => new(areas.Average(), Interval.None, areas.Count);

    private readonly record struct MainMemory(int Memory, int Sign, double Middle);
}
