using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Tests.Studies.Merging;

/// <summary>
/// A run that never took place: random units, random coefficients with many ties at every place of them. Studies of any part of it are made the slow way: all
/// candidates sorted, all statistics added one by one.
/// </summary>
internal sealed class SyntheticRun
{
    private readonly StudyUnit[] _units;
    private readonly int[] _shardOf;
    private readonly Dictionary<NeuronId, Candidate[]> _candidates = [];
    private readonly int _top;
    private readonly int _distinct;
    private readonly bool _byPre;
    private readonly bool _gated;
    private readonly int _experts;

    /// <summary>A run of any kind.</summary>
    public SyntheticRun(int seed, int shards)
        : this(seed, shards, RunKind.Any(new Random(seed)))
    {
    }

    public SyntheticRun(int seed, int shards, RunKind kind)
    {
        var random = new Random(seed);
        Shards = shards;
        (Layers, _top, _distinct, _byPre, _gated, _experts, int units) = kind;
        Rules = kind.ToString();
        _units = [.. Enumerable.Range(0, units).Select(index => Unit(index, random))];
        _shardOf = [.. _units.Select(_ => random.Next(shards))];
        foreach (NeuronId id in Names())
        {
            double density = random.NextDouble();
            _candidates[id] = [.. _units.SelectMany(unit => Enumerable.Range(0, unit.Tokens.Length))
                .Zip(_units.SelectMany(unit => unit.Tokens.Select(_ => unit)))
                .Where(_ => id.Expert < 0 || random.NextDouble() < density)
                .Select(place => Candidate.Make(place.Second, place.First, _gated, id.Expert >= 0, random))];
        }
    }

    public int Shards { get; }

    public int Layers { get; }

    public long Tokens => _units.Sum(unit => unit.Tokens.Length);

    public string Rules { get; }

    /// <summary>Writes the study of some shards and layers.</summary>
    public string Write(string path, IReadOnlyCollection<int> parts, IReadOnlyCollection<int> layers)
    {
        using var study = StudyWriter.Create(path, overwrite: true);
        foreach (StudyUnit unit in _units.Where(unit => parts.Contains(_shardOf[unit.Index])))
        {
            study.AppendUnit(unit);
        }

        bool part = parts.Count < Shards;
        foreach (NeuronId id in Names().Where(id => layers.Contains(id.Layer)))
        {
            Candidate[] mine = [.. _candidates[id].Where(candidate => parts.Contains(_shardOf[candidate.Trigger.Unit]))];
            Candidate[] positive = List(mine, Pole.Positive);
            study.WriteMemory(id, Statistics(mine), [.. positive.Select(c => c.Trigger)], [.. List(mine, Pole.Negative).Select(c => c.Trigger)],
                part && _byPre && !_gated ? [.. positive.Select(c => c.Pre)] : default(ReadOnlySpan<float>));
        }

        study.WriteFiles([new StudyFile(0, "a.txt", 100, new string('e', 64)), new StudyFile(1, "b.txt", 7, new string('f', 64))]);
        study.WriteTokenPieces(["a", "b", "c", "", "e"]);
        study.WriteProvenance(Provenance(parts, layers));
        study.Complete();
        return path;
    }

    private static StudyUnit Unit(int index, Random random)
    {
        string?[] pieces = [null, .. Enumerable.Range(0, random.Next(1, 9)).Select(_ => (string?)"xyz"[..random.Next(4)])];
        StudyUnit unit = SampleStudy.Unit(index, pieces);
        return new StudyUnit
        {
            Index = index,
            File = random.Next(2),
            Offset = unit.Offset,
            Length = unit.Length,
            Text = unit.Text,
            Tokens = [.. unit.Tokens.Select(_ => random.Next(3))],
            Spans = unit.Spans,
            Traits = (UnitTraits)random.Next(4),
        };
    }

    private IEnumerable<NeuronId> Names() =>
        from layer in Enumerable.Range(0, Layers)
        from expert in Enumerable.Range(0, Math.Max(1, _experts))
        from neuron in Enumerable.Range(0, 5)
        select new NeuronId(layer, neuron, _experts == 0 ? -1 : expert);

    private Candidate[] List(Candidate[] candidates, Pole pole)
    {
        if (pole == Pole.Negative && (_byPre || !_gated))
        {
            return [];
        }

        int sign = pole == Pole.Positive ? 1 : -1;
        IEnumerable<Candidate> sorted = candidates
            .Where(c => _byPre || sign * c.Trigger.Coefficient > 0)
            .OrderByDescending(c => _byPre ? c.Pre : sign * c.Trigger.Coefficient)
            .ThenBy(c => c.Trigger.Unit).ThenBy(c => c.Trigger.Position);
        if (_distinct > 0)
        {
            sorted = sorted.DistinctBy(c => string.Join(' ', _units[c.Trigger.Unit].Tokens.Take(c.Trigger.Position + 1).TakeLast(_distinct)));
        }

        return [.. sorted.Take(_top)];
    }

    private NeuronStatistics Statistics(Candidate[] candidates)
    {
        NeuronStatistics all = NeuronStatistics.Empty(_gated);
        foreach (Candidate candidate in candidates)
        {
            float m = candidate.Trigger.Coefficient;
            uint[] histogram = new uint[ActivationHistogram.Bins];
            histogram[ActivationHistogram.BinOf(m)] = 1;
            all = NeuronStatistics.Merge(all, new NeuronStatistics
            {
                Count = 1,
                Sum1 = ExactSum.FromDouble(candidate.Wide),
                Sum2 = ExactSum.FromDouble((double)m * m),
                Sum3 = ExactSum.FromDouble(candidate.Wide * candidate.Wide * candidate.Wide),
                Sum4 = ExactSum.FromDouble(Math.Pow(candidate.Wide, 4)),
                Min = m,
                Max = m,
                PositiveCount = m > 0 ? 1 : 0,
                SignCases = _gated ? new SignCases(m > 0 ? 1 : 0, m > 0 ? 0 : 1, 0, 0) : null,
                Histogram = [.. histogram],
            });
        }

        return all;
    }

    private StudyProvenance Provenance(IReadOnlyCollection<int> parts, IReadOnlyCollection<int> layers)
        => SampleStudy.Provenance(_gated, _experts, threads: 1 + parts.Min()) with
        {
            ModelPath = "models/" + parts.Min(),
            Candidates = Tokens,
            Shape = new ModelShape { Widths = [.. Enumerable.Repeat(5, Layers)], ModelWidth = 4, Gated = _gated, Activation = "relu", VocabularySize = 5, Experts = _experts },
            Shard = parts.Count == Shards ? null : new StudyShard { Count = Shards, Parts = [.. parts.Order()], CorpusUnits = _units.Length, CorpusTokens = Tokens },
            Options = new Dictionary<string, string>
            {
                ["top"] = _top.ToString(CultureInfo.InvariantCulture),
                ["rank-by"] = _byPre ? "pre" : "post",
                ["per-prefix"] = "true",
                ["distinct"] = _distinct.ToString(CultureInfo.InvariantCulture),
                ["first-position"] = "true",
                ["last-position"] = "true",
                ["seed"] = "0",
                ["layers"] = string.Join(',', layers.Order()),
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };

    /// <summary>A position of a memory.</summary>
    /// <param name="Trigger">As a list would have it.</param>
    /// <param name="Pre">Its pre-activation: the gate where there is one.</param>
    /// <param name="Wide">Its coefficient with more digits and a wider range than a float has, so that sums are long.</param>
    private sealed record Candidate(Trigger Trigger, float Pre, double Wide)
    {
        public static Candidate Make(StudyUnit unit, int position, bool gated, bool ofExpert, Random random)
        {
            float m = (random.Next(7) - 3) * 0.5f;
            float pre = (random.Next(9) - 4) * 0.25f;
            int target = position + 1 < unit.Tokens.Length ? unit.Tokens[position + 1] : -1;
            double wide = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-40, 40));
            return new Candidate(new Trigger(m, gated ? pre : float.NaN, unit.Index, position, target, ofExpert ? random.NextSingle() : 1), pre, random.Next(4) == 0 ? 0 : wide);
        }
    }
}
