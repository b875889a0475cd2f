namespace Keyhole.Engine.Models;

/// <summary>Texts packed one after the other without padding: T rows in all.</summary>
public sealed class TokenBatch
{
    private readonly int[] _starts;

    /// <summary>Creates a batch.</summary>
    /// <param name="ids">Token ids of all texts, [T].</param>
    /// <param name="starts">First row of each text, then T: one more than there are texts, strictly increasing from 0.</param>
    public TokenBatch(int[] ids, int[] starts)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(starts);
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != ids.Length)
        {
            throw new ArgumentException("The first text must start at row 0 and the last end with the ids.", nameof(starts));
        }

        for (int text = 1; text < starts.Length; text++)
        {
            if (starts[text] <= starts[text - 1])
            {
                throw new ArgumentException($"Text {text - 1} is empty.", nameof(starts));
            }
        }

        Ids = ids;
        _starts = starts;
    }

    /// <summary>Token ids, [T].</summary>
    public ReadOnlyMemory<int> Ids { get; }

    /// <summary>T, the number of rows.</summary>
    public int RowCount => Ids.Length;

    /// <summary>Number of texts.</summary>
    public int TextCount => _starts.Length - 1;

    /// <summary>First row of a text; <see cref="RowCount"/> for one past the last.</summary>
    public int Start(int text) => _starts[text];

    /// <summary>Tokens of a text.</summary>
    public int Length(int text) => _starts[text + 1] - _starts[text];

    /// <summary>The text that holds a row.</summary>
    public int TextOf(int row)
    {
        int found = Array.BinarySearch(_starts, row);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>A batch of one text.</summary>
    public static TokenBatch OfText(int[] ids) => new(ids, [0, ids.Length]);
}
