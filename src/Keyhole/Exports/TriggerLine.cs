namespace Keyhole.Exports;

/// <summary>A trigger as a terminal shows it; control characters in its texts are made visible.</summary>
/// <param name="Coefficient">m with four significant digits.</param>
/// <param name="Gate">g with four significant digits; null where not gated.</param>
/// <param name="Before">The prefix before its last token, from a few tokens back.</param>
/// <param name="IsCut">Whether the prefix begins earlier.</param>
/// <param name="Last">The prefix's last token.</param>
/// <param name="Target">The token after the prefix; null where there is none.</param>
/// <param name="Unit">The unit.</param>
/// <param name="Position">The prefix's last position.</param>
/// <param name="RouterWeight">The router's weight with four significant digits; null where the memory is no expert's.</param>
public sealed record TriggerLine(string Coefficient, string? Gate, string Before, bool IsCut, string Last, string? Target, int Unit, int Position, string? RouterWeight = null);
