using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Benchmarks;

/// <summary>
/// Writes the studies of all shards of a run that never took place: as many memories as SmolLM2-135M has, both poles, every list full, about 150 bins filled, numbers
/// drawn at random but as long as real ones. <c>shard-studies FOLDER [SHARDS] [LAYERS]</c>
/// </summary>
internal static class ShardStudies
{
    private const int Width = 1536;
    private const int Vocabulary = 49152;
    private const int Top = 50;
    private const int UnitsOfShard = 4000;
    private const int TokensOfUnit = 25;
    private const int FirstBin = 55;
    private const int LastBin = 205;

    private static void Main(string[] arguments)
    {
        string folder = arguments[0];
        int shards = arguments.Length > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 64;
        int layers = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 30;
        Directory.CreateDirectory(folder);
        Parallel.For(0, shards, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, shard =>
            Write(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{shard:D2}.study")), shard, shards, layers));
    }

    private static void Write(string path, int shard, int shards, int layers)
    {
        var random = new Random(shard);
        using var study = StudyWriter.Create(path, overwrite: true);
        ImmutableArray<int>[] tokens = [.. Enumerable.Range(0, UnitsOfShard).Select(_ => Enumerable.Range(0, TokensOfUnit).Select(_ => random.Next(Vocabulary)).ToImmutableArray())];
        for (int i = 0; i < UnitsOfShard; i++)
        {
            study.AppendUnit(Unit((i * shards) + shard, tokens[i], random));
        }

        for (int layer = 0; layer < layers; layer++)
        {
            for (int neuron = 0; neuron < Width; neuron++)
            {
                study.WriteMemory(new NeuronId(layer, neuron), Statistics(random), List(random, tokens, shard, shards, 1), List(random, tokens, shard, shards, -1));
            }
        }

        study.WriteFiles([new StudyFile(0, "corpus.txt", 1 << 26, new string('c', 64))]);
        study.WriteTokenPieces(Enumerable.Range(0, Vocabulary).Select(id => string.Create(CultureInfo.InvariantCulture, $" w{id}")));
        study.WriteProvenance(Provenance(shard, shards, layers));
        study.Complete();
    }

    private static StudyUnit Unit(int index, ImmutableArray<int> tokens, Random random)
    {
        string text = string.Join(' ', tokens.Select(id => "word"[..(1 + (id % 4))]));
        int at = 0;
        return new StudyUnit
        {
            Index = index,
            File = 0,
            Offset = index * 130L,
            Length = text.Length,
            Text = text,
            Tokens = tokens,
            Spans = [.. tokens.Select(id => new TokenSpan(at, Math.Min(text.Length, at += 2 + (id % 4))))],
        };
    }

    private static Trigger[] List(Random random, ImmutableArray<int>[] tokens, int shard, int shards, int sign)
    {
        var list = new Trigger[Top];
        for (int i = 0; i < Top; i++)
        {
            int unit = random.Next(UnitsOfShard / Top) + (i * (UnitsOfShard / Top));
            int position = 1 + random.Next(TokensOfUnit - 2);
            float m = sign * (float)Math.Exp(random.NextDouble() * 2);
            list[i] = new Trigger(m, m / 2, (unit * shards) + shard, position, tokens[unit][position + 1]);
        }

        Array.Sort(list, TriggerOrder.Instance);
        return list;
    }

    private static NeuronStatistics Statistics(Random random)
    {
        uint[] histogram = new uint[ActivationHistogram.Bins];
        for (int bin = FirstBin; bin < LastBin; bin++)
        {
            histogram[bin] = (uint)(1 + random.Next(100));
        }

        const long Positions = UnitsOfShard * (TokensOfUnit - 2L);
        return new NeuronStatistics
        {
            Count = Positions,
            Sum1 = Sum(random, 1),
            Sum2 = Sum(random, 1e-2),
            Sum3 = Sum(random, 1e-3),
            Sum4 = Sum(random, 1e-4),
            Min = -random.NextSingle() - 1,
            Max = random.NextSingle() + 1,
            PositiveCount = random.NextInt64(Positions),
            SignCases = new SignCases(20_000, 25_000, 30_000, Positions - 75_000),
            Histogram = ImmutableArray.Create(histogram),
        };
    }

    private static ExactSum Sum(Random random, double scale)
    {
        ExactSum sum = default;
        for (int i = 0; i < 6; i++)
        {
            sum += ExactSum.FromDouble((random.NextDouble() - 0.3) * scale * Math.Exp(-3 * i));
        }

        return sum;
    }

    private static StudyProvenance Provenance(int shard, int shards, int layers) => new()
    {
        ProgramVersion = "0.1.0",
        ModelPath = "smollm2",
        ModelFamily = "llama",
        WeightsSha256 = new string('a', 64),
        TokenizerSha256 = new string('b', 64),
        CorpusSha256 = new string('d', 64),
        Candidates = (long)shards * UnitsOfShard * (TokensOfUnit - 2),
        Shard = new StudyShard { Count = shards, Parts = [shard], CorpusUnits = (long)shards * UnitsOfShard, CorpusTokens = (long)shards * UnitsOfShard * TokensOfUnit },
        Shape = new ModelShape { Widths = [.. Enumerable.Repeat(Width, layers)], ModelWidth = 576, Gated = true, Activation = "silu", VocabularySize = Vocabulary },
        Options = new Dictionary<string, string>
        {
            ["bos"] = "auto",
            ["unit"] = "line",
            ["text-field"] = "text",
            ["top"] = Top.ToString(CultureInfo.InvariantCulture),
            ["rank-by"] = "post",
            ["per-prefix"] = "false",
            ["distinct"] = "0",
            ["first-position"] = "false",
            ["last-position"] = "false",
            ["seed"] = "0",
            ["layers"] = string.Join(',', Enumerable.Range(0, layers)),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        Run = new StudyRun
        {
            Started = DateTimeOffset.UnixEpoch.AddSeconds(shard),
            Finished = DateTimeOffset.UnixEpoch.AddSeconds(shard + 100),
            Threads = 2,
            InstructionSet = "AVX2",
            Processor = "none",
            OperatingSystem = "none",
            Framework = "none",
        },
    };
}
