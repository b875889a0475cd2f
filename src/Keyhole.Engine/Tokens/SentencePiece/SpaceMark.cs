namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>U+2581, which stands for a space in pieces.</summary>
internal static class SpaceMark
{
    public const string Text = "\u2581";

    public static ReadOnlySpan<byte> Utf8 => "\u2581"u8;
}
