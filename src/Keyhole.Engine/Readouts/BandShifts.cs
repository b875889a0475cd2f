namespace Keyhole.Engine.Readouts;

/// <summary>The natural log-probabilities of an adaptive softmax: within a band they are z and a number of the row's.</summary>
/// <param name="firstTokens">First token of each band.</param>
/// <param name="shifts">What is added to z, [bands][rows].</param>
internal sealed class BandShifts(int[] firstTokens, float[][] shifts) : ILogitMap
{
    public void Apply(int row, Span<float> strip, int firstToken)
    {
        int band = firstTokens.Length - 1;
        while (firstTokens[band] > firstToken)
        {
            band--;
        }

        StripScan.Shift(strip, shifts[band][row]);
    }
}
