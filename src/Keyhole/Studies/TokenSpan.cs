namespace Keyhole.Studies;

/// <summary>Where a token stands in its unit's text: Unicode code points, half-open. Empty for tokens that the text does not contain, such as BOS.</summary>
/// <param name="Start">First code point.</param>
/// <param name="End">The code point after the last.</param>
public readonly record struct TokenSpan(int Start, int End)
{
    /// <summary>Whether the token covers no text.</summary>
    public bool IsEmpty => End <= Start;
}
