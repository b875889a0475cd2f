namespace Keyhole.Engine.Readouts;

/// <summary>Of each row the largest and smallest z of one band of the vocabulary, and its sum of exponentials.</summary>
internal sealed class BandTotals : IStripSink
{
    private readonly float[] _largest;
    private readonly float[] _smallest;

    /// <param name="rows">Number of rows.</param>
    public BandTotals(int rows)
    {
        Exponentials = new RunningExponentials(rows, weighted: false);
        Top = new int[rows];
        Bottom = new int[rows];
        _largest = new float[rows];
        _smallest = new float[rows];
        Array.Fill(_largest, float.NegativeInfinity);
        Array.Fill(_smallest, float.PositiveInfinity);
    }

    /// <summary>Sums of exp(z).</summary>
    public RunningExponentials Exponentials { get; }

    /// <summary>Token of the largest z, the lowest id of equals, [rows].</summary>
    public int[] Top { get; }

    /// <summary>Token of the smallest z, the lowest id of equals, [rows].</summary>
    public int[] Bottom { get; }

    /// <inheritdoc/>
    public void Add(int row, Span<float> strip, int firstToken)
    {
        ReadOnlySpan<float> z = strip;
        (float max, float min) = StripScan.Extremes(z);
        if (max > _largest[row])
        {
            _largest[row] = max;
            Top[row] = firstToken + z.IndexOf(max);
        }

        if (min < _smallest[row])
        {
            _smallest[row] = min;
            Bottom[row] = firstToken + z.IndexOf(min);
        }

        Exponentials.Add(row, z, max);
    }
}
