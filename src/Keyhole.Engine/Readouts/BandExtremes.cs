namespace Keyhole.Engine.Readouts;

/// <summary>
/// Of each of n vectors the tokens on top and at the bottom of each band of the vocabulary: the head's words and the tails of an adaptive softmax, or all tokens.
/// </summary>
/// <remarks>
/// Within a band the order of tokens does not depend on the vector's length. So the top token of c v is, for every c &gt; 0, that of v in some band, and for every
/// c &lt; 0 the bottom token of v in some band; which band depends on c.
/// </remarks>
public sealed class BandExtremes
{
    private readonly BandTotals[] _bands;

    internal BandExtremes(BandTotals[] bands) => _bands = bands;

    /// <summary>Number of bands.</summary>
    public int Bands => _bands.Length;

    /// <summary>Token of a band with the largest logit, the lowest id of equals.</summary>
    public int Top(int row, int band) => _bands[band].Top[row];

    /// <summary>Token of a band with the smallest logit, the lowest id of equals.</summary>
    public int Bottom(int row, int band) => _bands[band].Bottom[row];
}
