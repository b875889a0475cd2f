using System.Buffers.Binary;
using Keyhole.Memories;

namespace Keyhole.Studies.Merging;

/// <summary>Reads one piece's list of triggers from its best on (layout in docs/formats/study.md). Units, positions and targets are unpacked only when they are asked for.</summary>
internal sealed class ListCursor
{
    private Blob _list;
    private Blob _ranks;
    private int _count;
    private int _coefficients;   // where the columns begin
    private int _gates;
    private int _routerWeights;
    private int _integers;
    private bool _hasGates;
    private bool _ofExpert;
    private bool _byPre;
    private int _at;
    private bool _unpacked;
    private int[] _numbers = [];   // [3, count]: units, positions, targets plus one

    /// <summary>Whether the list is read to its end.</summary>
    public bool IsDone => _at >= _count;

    /// <summary>Triggers of the list.</summary>
    public int Count => _count;

    /// <summary>What the list is ordered by at the trigger that it stands on. Where a list by pre-activation does not tell it, minus the place.</summary>
    public float Rank { get; private set; }

    /// <summary>Whether <see cref="Rank"/> may be compared with that of other lists.</summary>
    public bool HasRanks { get; private set; }

    /// <summary>The unit of the trigger that it stands on.</summary>
    public int Unit => Number(0);

    /// <summary>The position of the trigger that it stands on.</summary>
    public int Position => Number(1);

    /// <summary>The trigger that it stands on.</summary>
    public Trigger Current => new(
        Float(_coefficients, _at),
        _hasGates ? Float(_gates, _at) : float.NaN,
        Unit,
        Position,
        Number(2) - 1,
        _ofExpert ? Float(_routerWeights, _at) : 1);

    /// <summary>Begins a list.</summary>
    /// <param name="list">Its bytes.</param>
    /// <param name="ranks">What it is ordered by, or no bytes.</param>
    /// <param name="ofExpert">Whether the memory is an expert's.</param>
    /// <param name="rules">What lists are ordered by.</param>
    /// <exception cref="InvalidDataException">The bytes are no list by these rules.</exception>
    public void Begin(Blob list, Blob ranks, bool ofExpert, ListRules rules)
    {
        ReadOnlySpan<byte> rest = list.Bytes;
        ulong head = Leb128.Read(ref rest);
        ulong count = head >> 1;
        _hasGates = (head & 1) == 1;
        int width = sizeof(float) * (1 + (_hasGates ? 1 : 0) + (ofExpert ? 1 : 0));
        if (count > (ulong)rules.Top || count > (ulong)(rest.Length / (width + 3)))
        {
            throw new InvalidDataException($"it has a list of {count} triggers in {rest.Length} bytes where at most {rules.Top} are expected");
        }

        _list = list;
        _ranks = ranks;
        _ofExpert = ofExpert;
        _byPre = rules.ByPre;
        _count = (int)count;
        _coefficients = list.Bytes.Length - rest.Length;
        _gates = _coefficients + (sizeof(float) * _count);
        _routerWeights = _gates + (_hasGates ? sizeof(float) * _count : 0);
        _integers = _routerWeights + (ofExpert ? sizeof(float) * _count : 0);
        _unpacked = false;
        _at = 0;
        bool told = ranks.Bytes.Length > 0;
        if (told && ranks.Bytes.Length != sizeof(float) * _count)
        {
            throw new InvalidDataException($"it has {ranks.Bytes.Length} bytes of ranks for {count} triggers");
        }

        HasRanks = !_byPre || _hasGates || told;
        if (_count > 0)
        {
            Rank = RankHere();
        }
    }

    /// <summary>Goes to the next trigger.</summary>
    /// <exception cref="InvalidDataException">It is not worse than the one before.</exception>
    public void Advance()
    {
        float before = Rank;
        if (++_at == _count)
        {
            return;
        }

        Rank = RankHere();
        if (Rank >= before && (Rank > before || !ComesAfter()))
        {
            throw new InvalidDataException($"a list is out of order at trigger {_at}");
        }
    }

    private bool ComesAfter()
    {
        Unpack();
        (int unit, int position) = (_numbers[_at], _numbers[_count + _at]);
        (int unitBefore, int positionBefore) = (_numbers[_at - 1], _numbers[_count + _at - 1]);
        return unit > unitBefore || (unit == unitBefore && position > positionBefore);
    }

    private float RankHere()
    {
        float rank = !_byPre ? MathF.Abs(Float(_coefficients, _at))
            : _hasGates ? Float(_gates, _at)
            : HasRanks ? BinaryPrimitives.ReadSingleLittleEndian(_ranks.Bytes[(sizeof(float) * _at)..])
            : -_at;
        return float.IsFinite(rank) ? rank : throw new InvalidDataException($"a list is ordered by {rank} at trigger {_at}");
    }

    private float Float(int column, int at) => BinaryPrimitives.ReadSingleLittleEndian(_list.Bytes[(column + (sizeof(float) * at))..]);

    private int Number(int column)
    {
        Unpack();
        return _numbers[(column * _count) + _at];
    }

    private void Unpack()
    {
        if (_unpacked)
        {
            return;
        }

        int numbers = 3 * _count;
        if (_numbers.Length < numbers)
        {
            _numbers = new int[numbers];
        }

        ReadOnlySpan<byte> bytes = _list.Bytes[_integers..];
        int at = 0;
        for (int i = 0; i < numbers; i++)
        {
            if ((uint)at < (uint)bytes.Length && bytes[at] < 0x80)
            {
                _numbers[i] = bytes[at++];
                continue;
            }

            ReadOnlySpan<byte> rest = bytes[at..];
            ulong number = Leb128.Read(ref rest);
            _numbers[i] = number <= int.MaxValue ? (int)number : throw new InvalidDataException("a trigger has a number beyond 2^31");
            at = bytes.Length - rest.Length;
        }

        if (at != bytes.Length)
        {
            throw new InvalidDataException("bytes follow a list of triggers");
        }

        _unpacked = true;
    }
}
