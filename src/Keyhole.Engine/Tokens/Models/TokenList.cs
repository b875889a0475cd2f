namespace Keyhole.Engine.Tokens.Models;

/// <summary>Growing arrays of ids and the bytes [start, end) of the text that was tokenised.</summary>
internal sealed class TokenList
{
    private int[] _ids = new int[64];
    private int[] _starts = new int[64];
    private int[] _ends = new int[64];
    private readonly List<int> _matched = [];

    public int Count { get; private set; }

    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Count);

    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, Count);

    public void Add(int id, int start, int end)
    {
        if (Count == _ids.Length)
        {
            Array.Resize(ref _ids, Count * 2);
            Array.Resize(ref _starts, Count * 2);
            Array.Resize(ref _ends, Count * 2);
        }

        _ids[Count] = id;
        _starts[Count] = start;
        _ends[Count] = end;
        Count++;
    }

    /// <summary>Adds an added token that was found in the text itself.</summary>
    public void AddMatched(int id, int start, int end)
    {
        _matched.Add(Count);
        Add(id, start, end);
    }

    /// <summary>Whether a token was found in the text itself; else the model made it.</summary>
    public bool IsMatched(int index) => _matched.BinarySearch(index) >= 0;

    public void Clear()
    {
        Count = 0;
        _matched.Clear();
    }

    /// <summary>Forgets what was added after the first <paramref name="count"/>.</summary>
    public void Truncate(int count) => Count = count;
}
