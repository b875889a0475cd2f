namespace Keyhole.Engine.Tokens.Text;

/// <summary>A half-open range of bytes; with <paramref name="Id"/> where it already is a token.</summary>
internal readonly record struct PieceRange(int Start, int End, int Id = -1)
{
    /// <summary>Whether an added token was found here, so that nothing more is done to it.</summary>
    public bool IsToken => Id >= 0;
}
