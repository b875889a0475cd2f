using Keyhole.Memories;

namespace Keyhole.Mutations;

/// <summary>|m| on one pole; a coefficient on the other side counts as 0.</summary>
internal static class PoleStrength
{
    /// <summary>m of the positive pole, -m of the negative one, not below 0.</summary>
    /// <param name="pole">The pole.</param>
    /// <param name="coefficient">m.</param>
    public static double Of(Pole pole, float coefficient) => Math.Max(0, pole == Pole.Positive ? coefficient : -(double)coefficient);

    /// <summary>(|m'| - |m|) / |m| in percent; NaN where m is not on the pole.</summary>
    /// <param name="pole">The pole.</param>
    /// <param name="before">m.</param>
    /// <param name="after">m'.</param>
    public static double ChangeInPercent(Pole pole, float before, float after)
    {
        double strength = Of(pole, before);
        return strength > 0 ? (Of(pole, after) - strength) / strength * 100 : double.NaN;
    }
}
