namespace Keyhole.Memories;

/// <summary>The sign of the coefficients that a trigger list holds. Gated memories have both poles, the others only the positive one.</summary>
public enum Pole : byte
{
    /// <summary>m &gt; 0.</summary>
    Positive = 0,

    /// <summary>m &lt; 0.</summary>
    Negative = 1,
}
