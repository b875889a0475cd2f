namespace Keyhole.Studies.Merging;

/// <summary>Which units there are, how long each is, and which piece it comes from: 12 bytes a unit.</summary>
internal sealed class UnitTable
{
    private readonly List<int> _units = [];
    private readonly List<int> _tokens = [];
    private readonly List<int> _pieces = [];

    /// <summary>Number of units.</summary>
    public int Count => _units.Count;

    /// <summary>Tokens of all units.</summary>
    public long Tokens { get; private set; }

    /// <summary>Adds a unit behind those of lower numbers.</summary>
    /// <param name="unit">Its number in corpus order.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="piece">The piece that it comes from, by its place in the band.</param>
    public void Add(int unit, int tokens, int piece)
    {
        _units.Add(unit);
        _tokens.Add(tokens);
        _pieces.Add(piece);
        Tokens += tokens;
    }

    /// <summary>The row of a unit that comes from a piece and has a token at a position; -1 where there is none.</summary>
    public int Find(int unit, int position, int piece)
    {
        int row = unit < _units.Count && _units[unit] == unit ? unit : _units.BinarySearch(unit);   // of a whole corpus every unit stands at its number
        return row >= 0 && _pieces[row] == piece && position < _tokens[row] ? row : -1;
    }

    /// <summary>Tokens of the unit in a row.</summary>
    public int Length(int row) => _tokens[row];

    /// <summary>Number of the unit in a row.</summary>
    public int Unit(int row) => _units[row];

    /// <summary>Where the tokens of each unit begin among those of all.</summary>
    public long[] Starts()
    {
        long[] starts = new long[Count];
        for (int row = 1; row < starts.Length; row++)
        {
            starts[row] = starts[row - 1] + _tokens[row - 1];
        }

        return starts;
    }

    /// <summary>The lowest unit that only one of two tables has, or that has another length there; null where they hold the same.</summary>
    public int? FirstDifference(UnitTable other)
    {
        for (int row = 0; row < Math.Max(Count, other.Count); row++)
        {
            if (row >= Count || row >= other.Count)
            {
                return row < Count ? _units[row] : other._units[row];
            }

            if (_units[row] != other._units[row] || _tokens[row] != other._tokens[row])
            {
                return Math.Min(_units[row], other._units[row]);
            }
        }

        return null;
    }
}
