using System.Globalization;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;
using Keyhole.Studies;
using Keyhole.Studies.Merging;

namespace Keyhole.Verification.Studies;

/// <summary>Reads all units of a study once: are they whole, and what are their tokens? Takes 20 bytes a unit, and a temporary file.</summary>
internal sealed class StoredUnits : IDisposable
{
    private readonly Study _study;
    private readonly UnitTokens _ids;

    /// <param name="study">The study.</param>
    /// <param name="distinct">Tokens of an ending.</param>
    public StoredUnits(Study study, int distinct)
    {
        _study = study;
        _ids = new UnitTokens(Path.Combine(Path.GetTempPath(), $"keyhole-{Path.GetRandomFileName()}"), distinct);
    }

    /// <summary>Which units there are.</summary>
    public UnitTable Table { get; } = new();

    /// <summary>Their tokens.</summary>
    public UnitTokens Ids => _ids;

    /// <summary>Tokens of the longest.</summary>
    public int Longest { get; private set; }

    /// <summary>Checks every unit.</summary>
    /// <param name="check">Takes what is wrong.</param>
    /// <param name="context">Most tokens of a unit.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Read(StudyCheck check, int context, CancellationToken cancellation)
    {
        int last = -1;
        try
        {
            foreach (StudyUnit unit in _study.Units())
            {
                cancellation.ThrowIfCancellationRequested();
                check.Expect(unit.Index > last && Fault(unit, context) is null, () => string.Create(CultureInfo.InvariantCulture,
                    $"unit {unit.Index}: {(unit.Index > last ? Fault(unit, context) : $"it follows unit {last}")}"));
                last = Math.Max(last, unit.Index);
                Table.Add(unit.Index, unit.Tokens.Length, piece: 0);
                _ids.Add(unit.Tokens.AsSpan());
                Longest = Math.Max(Longest, unit.Tokens.Length);
            }
        }
        catch (InputRefusedException damage)
        {
            check.Fail(damage.Message);
        }

        Count(check, "units", Table.Count, _study.UnitCount);
        Count(check, "tokens", Table.Tokens, _study.TokenCount);
        if (_study.Provenance.Shard is null && check.Failures == 0 && Table.Count > 0)
        {
            Count(check, "units up to the last", Table.Count, last + 1L);
        }

        _ids.Complete(Table);
    }

    /// <summary>The units with the smallest hashes of seed and number, ascending; all where there are no more.</summary>
    public int[] Sample(int size, ulong seed)
    {
        var taken = new PriorityQueue<int, ulong>(Comparer<ulong>.Create((x, y) => y.CompareTo(x)));   // the largest hash on top
        for (int row = 0; row < Table.Count; row++)
        {
            ulong hash = CounterHash.Hash(seed, (ulong)Table.Unit(row));
            if (taken.Count < size)
            {
                taken.Enqueue(Table.Unit(row), hash);
            }
            else
            {
                taken.EnqueueDequeue(Table.Unit(row), hash);
            }
        }

        return [.. taken.UnorderedItems.Select(item => item.Element).Order()];
    }

    /// <summary>Candidate positions of all units.</summary>
    public long Candidates(MiningRules rules, bool startsWithBos)
    {
        long candidates = 0;
        for (int row = 0; row < Table.Count; row++)
        {
            (int first, int end) = rules.Candidates(Table.Length(row), startsWithBos);
            candidates += end - first;
        }

        return candidates;
    }

    /// <summary>The random positions that the hashes draw from these units, in their order.</summary>
    public IReadOnlyList<RandomPosition> DrawRandom(MiningRules rules, bool startsWithBos)
    {
        var positions = new RandomPositions();
        int[] ids = new int[Longest];
        for (int row = 0; row < Table.Count; row++)
        {
            Span<int> unit = ids.AsSpan(0, Table.Length(row));
            (int first, int end) = rules.Candidates(unit.Length, startsWithBos);
            _ids.Copy(row, unit);
            positions.Add(rules.Seed, Table.Unit(row), unit, first, end);
        }

        return positions.Kept;
    }

    public void Dispose() => _ids.Dispose();

    private static void Count(StudyCheck check, string what, long found, long stated)
    {
        if (found != stated)
        {
            check.Fail(string.Create(CultureInfo.InvariantCulture, $"{what}: {stated} are stated and {found} are there"));
        }
    }

    private string? Fault(StudyUnit unit, int context)
        => unit.File >= _study.Files.Length ? $"file {unit.File} is not among the study's"
            : unit.Offset < 0 ? "its place in the file is negative"
            : unit.Tokens.Length == 0 || unit.Tokens.Length > context ? $"{unit.Tokens.Length} tokens where 1 to {context} are possible"
            : unit.Tokens.Any(token => token >= _study.Shape.VocabularySize) ? $"token {unit.Tokens.Max()} of a vocabulary of {_study.Shape.VocabularySize}"
            : unit.Spans.Any(span => span.End > unit.Text.Length) ? "a token lies outside of its text"
            : null;
}
