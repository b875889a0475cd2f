namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>How SentencePiece treats spaces.</summary>
/// <param name="AddDummyPrefix">Whether a space is put before the text (behind it where spaces are suffixes).</param>
/// <param name="RemoveExtraSpaces">Whether leading, trailing and repeated spaces are dropped.</param>
/// <param name="EscapeSpaces">Whether spaces are written as U+2581.</param>
/// <param name="SpaceIsSuffix">Whether words end with their space instead of beginning with it.</param>
internal sealed record NormalizerOptions(bool AddDummyPrefix, bool RemoveExtraSpaces, bool EscapeSpaces, bool SpaceIsSuffix = false);
