namespace Keyhole.Web.Memories;

/// <summary>A text of the study, or the part of a long one around a position.</summary>
/// <param name="Unit">Its number.</param>
/// <param name="File">Its file, as the corpus names it.</param>
/// <param name="Offset">Where it begins in its file, in bytes.</param>
/// <param name="Length">Its tokens, of which <paramref name="Tokens"/> may be a part.</param>
/// <param name="First">Position of the first token of <paramref name="Tokens"/>.</param>
/// <param name="Tokens">Tokens as text: they add up to the text; one without text of its own, such as BOS, is what it decodes to.</param>
public sealed record TextAnswer(int Unit, string File, long Offset, int Length, int First, IReadOnlyList<string> Tokens);
