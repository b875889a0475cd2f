namespace Keyhole.Engine.Readouts;

/// <summary>Tokens whose logit and rank a scan tells, any number for each row.</summary>
public sealed class ScanProbes
{
    private readonly int[] _starts;
    private readonly int[] _tokens;

    /// <summary>Lists the probes of all rows one after the other.</summary>
    /// <param name="starts">First probe of each row, then their number: one more than there are rows, never falling, from 0.</param>
    /// <param name="tokens">Token ids.</param>
    /// <exception cref="ArgumentException">The starts do not describe the tokens.</exception>
    public ScanProbes(int[] starts, int[] tokens)
    {
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(tokens);
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != tokens.Length)
        {
            throw new ArgumentException("Probes begin at 0 and end with the tokens.", nameof(starts));
        }

        for (int row = 1; row < starts.Length; row++)
        {
            if (starts[row] < starts[row - 1])
            {
                throw new ArgumentException($"The probes of row {row - 1} end before they begin.", nameof(starts));
            }
        }

        _starts = starts;
        _tokens = tokens;
    }

    /// <summary>Number of rows.</summary>
    public int Rows => _starts.Length - 1;

    /// <summary>Number of probes of all rows.</summary>
    public int Count => _tokens.Length;

    /// <summary>Token ids of all probes.</summary>
    public ReadOnlySpan<int> Tokens => _tokens;

    /// <summary>First probe of a row; <see cref="Count"/> for one past the last row.</summary>
    public int Start(int row) => _starts[row];

    /// <summary>The same number of probes for every row.</summary>
    /// <param name="each">Probes a row.</param>
    /// <param name="tokens">Token ids, shape [rows, each].</param>
    public static ScanProbes Each(int each, int[] tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(each);
        return new ScanProbes([.. Enumerable.Range(0, (tokens.Length / each) + 1).Select(row => row * each)], tokens);
    }
}
