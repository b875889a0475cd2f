using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>Collects merges in the order of their ranks and checks that their pieces exist.</summary>
/// <param name="file">The file, for errors.</param>
/// <param name="field">The field, for errors.</param>
/// <param name="vocabulary">All pieces.</param>
/// <param name="prefixLength">Bytes of the prefix that the right piece loses when it is merged.</param>
/// <param name="capacity">About how many merges there are.</param>
internal sealed class MergeList(string file, string field, Vocabulary vocabulary, int prefixLength, int capacity)
{
    private readonly List<(int Left, int Right, int Id)> _merges = new(capacity);
    private byte[] _merged = new byte[256];

    public int Count => _merges.Count;

    /// <summary>Adds "left right".</summary>
    public void AddLine(ReadOnlySpan<byte> line)
    {
        int space = line.IndexOf((byte)' ');
        if (space < 0 || line[(space + 1)..].Contains((byte)' '))
        {
            throw TokenErrors.Field(file, $"{field}[{Count}]", $"'{CodePoints.String(line)}'", "two pieces with one space between them");
        }

        Add(line[..space], line[(space + 1)..]);
    }

    public void Add(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int length = left.Length + Math.Max(0, right.Length - prefixLength);
        _merged = _merged.Length < length ? new byte[length] : _merged;
        left.CopyTo(_merged);
        right[Math.Min(prefixLength, right.Length)..].CopyTo(_merged.AsSpan(left.Length));
        _merges.Add((Find(left), Find(right), Find(_merged.AsSpan(0, length))));
    }

    public MergeTable ToTable()
    {
        var table = new MergeTable(_merges.Count);
        for (int rank = 0; rank < _merges.Count; rank++)
        {
            (int left, int right, int id) = _merges[rank];
            table.Set(left, right, rank, id);
        }

        return table;
    }

    private int Find(ReadOnlySpan<byte> piece)
    {
        int id = vocabulary.Find(piece);
        return id >= 0 ? id : throw TokenErrors.Field(file, $"{field}[{Count}]", $"a merge with the piece '{CodePoints.String(piece)}'", "pieces of the vocabulary");
    }
}
