namespace Keyhole.Engine.Tokens.Models;

/// <summary>Types of pieces in SentencePiece models and GGUF vocabularies; both use these numbers.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}
