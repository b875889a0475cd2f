using System.Globalization;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Verification.Studies;

/// <summary>Holds what a study keeps beyond lists and statistics beside what some of its units give when they are mined again.</summary>
/// <remarks>
/// A sample is a list by hash, and a sign case has a list by |m|: both are compared as lists are (<see cref="ListComparison"/>), so that of the units that are mined again nothing can
/// be missing or too much. A coefficient at a random position of these units is compared bit by bit.
/// </remarks>
internal sealed class BeyondComparison
{
    private readonly Study _study;
    private readonly MiningRules _rules;
    private readonly IReadOnlySet<int>? _units;
    private readonly IReadOnlyList<RandomPosition> _positions;
    private readonly ListComparison? _samples;
    private readonly ListComparison? _cases;
    private readonly StudyCheck? _random;

    /// <param name="study">The study.</param>
    /// <param name="rules">Its rules.</param>
    /// <param name="checks">What was checked of the same by itself.</param>
    /// <param name="units">The study's units.</param>
    /// <param name="mined">Those that are mined again; null for all.</param>
    /// <param name="name">What stands before the names of the checks.</param>
    public BeyondComparison(Study study, MiningRules rules, BeyondChecks checks, StoredUnits units, IReadOnlySet<int>? mined, string name)
    {
        _study = study;
        _rules = rules;
        _units = mined;
        _positions = checks.Positions;
        StudyCheck? samples = checks.Samples is null ? null : new StudyCheck(name + "mined again: samples");
        _random = checks.Random is null ? null : new StudyCheck(name + "mined again: random positions");
        StudyCheck? cases = checks.Cases is null ? null : new StudyCheck(name + "mined again: sign cases");
        _samples = samples is null ? null : new ListComparison(QuantileSample.Size, distinct: false, units, mined, samples, samples);
        _cases = cases is null ? null : new ListComparison(rules.Top, rules.Distinct > 0, units, mined, cases, cases);
        All = [.. ((StudyCheck?[])[samples, _random, cases]).OfType<StudyCheck>()];
        if (checks.Random?.Failures > 0)
        {
            _random!.LeaveOut("the positions are not as they should be");
        }
        else if (mined is not null && !_positions.Any(position => mined.Contains(position.Unit)))
        {
            _random?.LeaveOut("none of them lies in the units that are mined again");
        }
    }

    /// <summary>The checks that there are, in order.</summary>
    public IReadOnlyList<StudyCheck> All { get; }

    /// <summary>Compares one memory.</summary>
    /// <param name="stored">The study's.</param>
    /// <param name="totals">What was mined again of its layer.</param>
    /// <param name="column">Its column there.</param>
    public void Compare(StoredMemory stored, LayerTotals totals, int column)
    {
        NeuronId id = stored.Memory.Id;
        LayerAccumulator all = totals.Accumulator;
        if (_samples is not null && stored.Sample is { } sample)
        {
            uint memory = SampleRank.MemoryHash(_study.Shape, _rules, id);
            for (int pole = 0; pole < all.Samples.Length; pole++)
            {
                Trigger[] drawn = [.. sample.Of((Pole)pole)];
                _samples.Compare($"{id} ({PoleName.Of((Pole)pole)} sample)", drawn, place => SampleRank.Of(_rules, memory, drawn[place]), all.Samples[pole].List(column), all.Samples[pole].Ranks(column));
            }

            CompareRandom(id, sample, totals.AtRandom(column, _positions.Count));
        }

        for (int number = 0; _cases is not null && stored.Cases is { } lists && number < all.Cases.Length; number++)
        {
            Trigger[] list = [.. lists[number]];
            _cases.Compare($"{id} ({default(SignCases).Named().ElementAt(number).Name})", list, place => MathF.Abs(list[place].Coefficient), all.Cases[number].List(column), all.Cases[number].Ranks(column));
        }
    }

    private void CompareRandom(NeuronId id, MemorySample sample, float[] mined)
    {
        for (int number = 0; number < Math.Min(mined.Length, sample.Random.Length); number++)
        {
            RandomPosition position = _positions[number];
            if (_units?.Contains(position.Unit) != false)
            {
                (float stored, float again) = (sample.Random[number], mined[number]);
                _random!.Expect(!ListComparison.Differs(stored, again), () => string.Create(CultureInfo.InvariantCulture, $"{id}: {TriggerChecks.Name(position.Unit, position.Position)} (random): {ListComparison.Both("coefficient", stored, again)}"));
            }
        }
    }
}
