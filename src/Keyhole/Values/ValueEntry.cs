namespace Keyhole.Values;

/// <summary>A value on one pole: the token it points to, and its readings.</summary>
/// <param name="Top">argmax on the positive pole, argmin on the negative one.</param>
/// <param name="Reading">The pole's readings.</param>
internal readonly record struct ValueEntry(int Top, ValuePole Reading)
{
    /// <summary>The poles of a value.</summary>
    public static IEnumerable<ValueEntry> Of(ValueRecord value)
    {
        yield return new ValueEntry(value.Argmax, value.Positive);
        if (value.Negative is { } negative)
        {
            yield return new ValueEntry(value.Argmin, negative);
        }
    }
}
