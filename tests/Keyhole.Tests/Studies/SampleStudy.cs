using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Tests.Studies;

/// <summary>Small studies made by hand, and a folder that goes away with the test.</summary>
internal sealed class SampleStudy : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("keyhole-studies-").FullName;

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>A finished study with one unit, "ab", and no memory; gives its path.</summary>
    public string Finished(string name)
    {
        using StudyWriter writer = StudyWriter.Create(PathOf(name), overwrite: false);
        writer.AppendUnit(Unit(0, "a", "b"));
        writer.WriteProvenance(Provenance());
        writer.Complete();
        return PathOf(name);
    }

    /// <summary>A unit of tokens that follow each other; null stands for a token without text.</summary>
    public static StudyUnit Unit(int index, params string?[] pieces)
    {
        List<TokenSpan> spans = [];
        int at = 0;
        foreach (string? piece in pieces)
        {
            int length = piece?.EnumerateRunes().Count() ?? 0;
            spans.Add(piece is null ? new TokenSpan(0, 0) : new TokenSpan(at, at + length));
            at += length;
        }

        return new StudyUnit
        {
            Index = index,
            File = 0,
            Offset = 100L * index,
            Length = 90,
            Text = string.Concat(pieces),
            Tokens = [.. pieces.Select((_, i) => i + 1)],
            Spans = [.. spans],
        };
    }

    /// <summary>A unit of random words, some of them outside the basic plane.</summary>
    public static StudyUnit RandomUnit(int index, int seed)
    {
        Random random = new(HashCode(index, seed));
        string[] words = [" the", " Straße", " 東京", " 🙂🙂", "ing", "\n", " \u0000", " a\u0301", "\""];
        string?[] pieces = [null, .. Enumerable.Range(0, random.Next(0, 40)).Select(_ => words[random.Next(words.Length)])];
        StudyUnit plain = Unit(index, pieces);
        return new StudyUnit
        {
            Index = plain.Index,
            File = random.Next(2),
            Offset = random.NextInt64(1L << 40),
            Length = random.NextInt64(1L << 33),
            Text = plain.Text,
            Tokens = [.. plain.Tokens.Select(_ => random.Next(200_000))],
            Spans = plain.Spans,
            Traits = (UnitTraits)random.Next(4),
        };
    }

    public static StudyProvenance Provenance(bool gated = false, int experts = 0, int threads = 2) => new()
    {
        ProgramVersion = "0.1.0",
        ModelPath = "models/mini",
        ModelFamily = "opt",
        WeightsSha256 = new string('a', 64),
        TokenizerSha256 = new string('b', 64),
        CorpusSha256 = new string('c', 64),
        Candidates = 12345,
        Shape = new ModelShape { Widths = [8, 0, 8], ModelWidth = 4, Gated = gated, Activation = gated ? "silu" : "relu", VocabularySize = 9, Experts = experts },
        Options = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("top", "25"), KeyValuePair.Create("unit", "line")]),
        Run = new StudyRun
        {
            Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Finished = new DateTimeOffset(2026, 1, 2, 3, 5, 5, 678, TimeSpan.Zero),
            Threads = threads,
            InstructionSet = "AVX2",
            Processor = "test",
            OperatingSystem = "test",
            Framework = ".NET 10",
            Options = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("memory", "400MiB")]),
        },
    };

    public static NeuronStatistics Statistics(int seed, bool gated = false)
    {
        Random random = new(seed);
        return Statistics([.. Enumerable.Range(0, 20).Select(_ => (float)(random.NextDouble() * 4 - 2))], gated ? m => new SignCases(m > 0 ? 1 : 0, m > 0 ? 0 : 1, 0, 0) : null);
    }

    /// <summary>Of these coefficients, a position each; with the sign case of each where the memory is gated.</summary>
    public static NeuronStatistics Statistics(IEnumerable<float> coefficients, Func<float, SignCases>? signCase = null)
    {
        NeuronStatistics all = NeuronStatistics.Empty(signCase is not null);
        foreach (float m in coefficients)
        {
            uint[] histogram = new uint[ActivationHistogram.Bins];
            histogram[ActivationHistogram.BinOf(m)]++;
            all = NeuronStatistics.Merge(all, new NeuronStatistics
            {
                Count = 1,
                Sum1 = ExactSum.FromDouble(m),
                Sum2 = ExactSum.FromDouble(Math.Pow(m, 2)),
                Sum3 = ExactSum.FromDouble(Math.Pow(m, 3)),
                Sum4 = ExactSum.FromDouble(Math.Pow(m, 4)),
                Min = m,
                Max = m,
                PositiveCount = m > 0 ? 1 : 0,
                SignCases = signCase?.Invoke(m),
                Histogram = [.. histogram],
            });
        }

        return all;
    }

    private static int HashCode(int index, int seed) => (index * 7919) ^ seed;
}
