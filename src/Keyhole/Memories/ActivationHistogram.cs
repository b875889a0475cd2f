using System.Collections.Immutable;

namespace Keyhole.Memories;

/// <summary>
/// The fixed signed-log bins of every histogram of coefficients: 256 bins, 4 to an octave, the same for every model and run, so that histograms of
/// shards add up.
/// </summary>
/// <remarks>
/// <para>The bin of a finite x, in integer arithmetic on the bits b of the float32 <c>x + 0f</c> (which turns -0 into +0):</para>
/// <code>
/// e   = clamp(((b &amp; 0x7FFFFFFF) >> 21) - 443, 0, 127)     // exponent and the two leading bits of the fraction
/// s   = (int)b >> 31                                        // 0, or -1 for a negative x
/// bin = 128 + (e ^ s)                                       // 128 + e, or 127 - e
/// </code>
/// <para>
/// e = 0 holds |x| &lt; 2^-16, e = 1..126 the quarter octaves from 2^-16 to 1.5 * 2^15 = 49152, e = 127 all that is larger. So bins 128..255 hold x &gt;= 0 with
/// the lower edge included, bins 0..127 hold x &lt; 0 with the upper edge included, and <c>BinOf(-x) == 255 - BinOf(x)</c> for every x but 0.
/// </para>
/// </remarks>
public static class ActivationHistogram
{
    /// <summary>Number of bins.</summary>
    public const int Bins = 256;

    /// <summary>Right shift that leaves the exponent and the two leading bits of a float's fraction.</summary>
    public const int Shift = 21;

    /// <summary>What is subtracted after the shift: one less than the shifted bits of 2^-16.</summary>
    public const int Base = 443;

    /// <summary>The largest e: the last bin of a side.</summary>
    public const int LastOfSide = 127;

    /// <summary>The bin of zero and of the smallest positive values.</summary>
    public const int ZeroBin = 128;

    /// <summary>The 257 edges, ascending: bin b lies between <c>Edges[b]</c> and <c>Edges[b + 1]</c>; the outermost are infinite.</summary>
    public static ImmutableArray<double> Edges { get; } = MakeEdges();

    /// <summary>The bin of a value.</summary>
    /// <param name="x">Any value but NaN (mining refuses NaN before it counts; here it would fall into an outermost bin).</param>
    /// <returns>0..255.</returns>
    public static int BinOf(float x)
    {
        uint bits = BitConverter.SingleToUInt32Bits(x + 0f);
        int e = Math.Clamp((int)((bits & 0x7FFFFFFFu) >> Shift) - Base, 0, LastOfSide);
        int sign = (int)bits >> 31;
        return ZeroBin + (e ^ sign);
    }

    private static ImmutableArray<double> MakeEdges()
    {
        double[] edges = new double[Bins + 1];
        edges[ZeroBin] = 0;
        for (int e = 1; e <= LastOfSide; e++)
        {
            double edge = BitConverter.Int32BitsToSingle((e + Base) << Shift);
            edges[ZeroBin + e] = edge;
            edges[ZeroBin - e] = -edge;
        }

        edges[0] = double.NegativeInfinity;
        edges[Bins] = double.PositiveInfinity;
        return [.. edges];
    }
}
