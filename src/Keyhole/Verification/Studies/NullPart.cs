using System.Globalization;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Verification.Studies;

/// <summary>A null beside the study that is verified: is it there, of the same run and over the same units, and is every memory of it as it should be?</summary>
internal sealed class NullPart : IDisposable
{
    private readonly StudyCheck _run;
    private readonly StudyCheck _units;
    private readonly Study? _study;

    /// <param name="memories">The study that is verified.</param>
    /// <param name="kind">The null.</param>
    /// <param name="rules">The rules of both.</param>
    /// <param name="units">The units of that study; null where they are damaged.</param>
    /// <param name="startsWithBos">Whether token 0 of each unit is BOS.</param>
    /// <param name="cancellation">Stops it.</param>
    public NullPart(Study memories, NullKind kind, MiningRules rules, StoredUnits? units, bool startsWithBos, CancellationToken cancellation)
    {
        Kind = kind;
        string name = NullStudy.NameOf(kind) + ": ";
        string path = NullStudy.PathOf(memories.FilePath, kind);
        _run = new StudyCheck(name + "same run");
        _units = new StudyCheck(name + "units");
        if (!File.Exists(path))
        {
            _run.LeaveOut($"{path} is not there");
            return;
        }

        _run.Examined = 1;
        try
        {
            _study = Study.Open(path);
        }
        catch (InputRefusedException refused)
        {
            _run.Fail(refused.Message);
            return;
        }

        if (NullStudy.Difference(memories.Provenance, _study.Provenance, kind) is { } difference)
        {
            _run.Fail($"{path}: this is not the null that was mined with the study: {difference}");
            return;
        }

        CompareUnits(memories, cancellation);
        Part = new StudyPart(_study, rules, _units.Failures == 0 ? units : null, startsWithBos, name);
    }

    /// <summary>The null.</summary>
    public NullKind Kind { get; }

    /// <summary>Its memories; null where it is not there, or is another's.</summary>
    public StudyPart? Part { get; }

    /// <summary>Why it cannot be held beside what is mined again; null where it can.</summary>
    public string? Obstacle => _units.Failures > 0 ? "its units are others" : Part?.HasAll == false ? "memories are damaged or missing" : null;

    /// <summary>All checks, in order.</summary>
    public IEnumerable<StudyCheck> Checks => Part is { } part ? [_run, _units, .. part.Own, .. part.Mined] : [_run];

    /// <summary>Reads all memories and checks each by itself.</summary>
    /// <param name="expected">Names of those that should be there, in order; null for those that are.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Read(IEnumerable<NeuronId>? expected, CancellationToken cancellation) => Part?.Read(expected, cancellation);

    public void Dispose() => _study?.Dispose();

    // Unit by unit, with what a unit is shown by.
    private void CompareUnits(Study memories, CancellationToken cancellation)
    {
        try
        {
            using IEnumerator<StudyUnit> others = _study!.Units().GetEnumerator();
            foreach (StudyUnit unit in memories.Units())
            {
                cancellation.ThrowIfCancellationRequested();
                bool same = others.MoveNext() && IsSame(unit, others.Current);
                _units.Expect(same, () => string.Create(CultureInfo.InvariantCulture, $"unit {unit.Index} is not the same there"));
                if (!same)
                {
                    return;   // all that follow would be named too
                }
            }

            if (others.MoveNext())
            {
                _units.Fail(string.Create(CultureInfo.InvariantCulture, $"unit {others.Current.Index} is there and not in the study"));
            }
        }
        catch (InputRefusedException damage)
        {
            _units.Fail(damage.Message);
        }
    }

    private static bool IsSame(StudyUnit a, StudyUnit b)
        => (a.Index, a.File, a.Offset, a.Length, a.Traits) == (b.Index, b.File, b.Offset, b.Length, b.Traits) && string.Equals(a.Text, b.Text, StringComparison.Ordinal)
            && a.Tokens.AsSpan().SequenceEqual(b.Tokens.AsSpan()) && a.Spans.AsSpan().SequenceEqual(b.Spans.AsSpan());
}
