namespace Keyhole.Engine.Tokens;

/// <summary>Where a token stands in the original text: half-open, counted in Unicode code points (a lone surrogate counts as one).</summary>
/// <param name="Start">First code point of the token.</param>
/// <param name="End">Code point after its last one; equal to <paramref name="Start"/> for a token that was added.</param>
public readonly record struct TokenOffset(int Start, int End);
