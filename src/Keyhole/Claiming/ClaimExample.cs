namespace Keyhole.Claiming;

/// <summary>A position in its text.</summary>
/// <param name="Unit">Number of the unit.</param>
/// <param name="Position">Last position of the prefix in it.</param>
/// <param name="Coefficient">m there.</param>
/// <param name="Prefix">The text up to the last token, its beginning cut where it is long.</param>
/// <param name="Last">The last token's text.</param>
/// <param name="Target">The text of the token after it; null where there is none.</param>
public sealed record ClaimExample(int Unit, int Position, float Coefficient, string Prefix, string Last, string? Target);
