namespace Keyhole.Web.Memories;

/// <summary>Texts to hold beside a memory's triggers: what is seen in triggers alone may be seen anywhere.</summary>
/// <param name="Groups">Kinds of texts, those that are empty left out.</param>
/// <param name="Missing">Why coefficients are not there; null where they are.</param>
public sealed record ControlsAnswer(IReadOnlyList<ControlGroup> Groups, string? Missing);

/// <summary>Texts of one kind.</summary>
/// <param name="Kind">
/// <c>last</c>: the end of a pole's list; <c>below</c>: of texts drawn at random those nearest below the list's threshold; <c>random</c>: texts drawn at random, whatever the memory does there.
/// </param>
/// <param name="Pole">The pole; null for random texts.</param>
/// <param name="Drawn">Texts that were drawn; null for the list's end.</param>
/// <param name="Texts">The texts.</param>
public sealed record ControlGroup(string Kind, string? Pole, int? Drawn, IReadOnlyList<ControlText> Texts);

/// <summary>A control.</summary>
/// <param name="Rank">Place in the pole's list; null for a text that is not from it.</param>
/// <param name="Position">Where the memory's |m| is largest among candidate positions; null where that was not computed.</param>
/// <param name="Coefficient">m there.</param>
/// <param name="Text">The text.</param>
/// <param name="Values">m at every token of it that is shown; null where not computed.</param>
public sealed record ControlText(int? Rank, int? Position, float? Coefficient, TextAnswer Text, float[]? Values);
