namespace Keyhole.Engine.Numerics;

/// <summary>Cosines and sines of every position and frequency of a rotary embedding, computed once. Immutable, so threads may share it.</summary>
/// <remarks>
/// As in transformers, the angle is position times inverse frequency rounded to float (at position 2,000 that rounding moves an angle by up to
/// 6e-5, so it is part of the model); its cosine and sine are then computed in double precision, scaled, and rounded to float.
/// </remarks>
public sealed class RotaryTable
{
    private readonly float[] _cosines; // [Positions, Half]
    private readonly float[] _sines; // [Positions, Half]

    /// <summary>Fills the table for positions 0 to <paramref name="positions"/> - 1.</summary>
    /// <param name="inverseFrequencies">Half the rotated dimension of a head, from <see cref="RotaryFrequencies"/>.</param>
    /// <param name="attentionFactor">Factor of every cosine and sine.</param>
    /// <param name="positions">Number of positions.</param>
    public RotaryTable(ReadOnlySpan<float> inverseFrequencies, float attentionFactor, int positions)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(positions);
        Positions = positions;
        Half = inverseFrequencies.Length;
        _cosines = new float[checked(positions * Half)];
        _sines = new float[_cosines.Length];
        for (int position = 0; position < positions; position++)
        {
            for (int i = 0; i < Half; i++)
            {
                float angle = position * inverseFrequencies[i];
                (double sin, double cos) = DoubleMath.SinCos(angle);
                _cosines[(position * Half) + i] = (float)(cos * attentionFactor);
                _sines[(position * Half) + i] = (float)(sin * attentionFactor);
            }
        }
    }

    /// <summary>Number of positions.</summary>
    public int Positions { get; }

    /// <summary>Number of frequencies: half the rotated dimension of a head.</summary>
    public int Half { get; }

    /// <summary>Cosines of a position, [Half].</summary>
    public ReadOnlySpan<float> Cosines(int position) => _cosines.AsSpan(position * Half, Half);

    /// <summary>Sines of a position, [Half].</summary>
    public ReadOnlySpan<float> Sines(int position) => _sines.AsSpan(position * Half, Half);
}
