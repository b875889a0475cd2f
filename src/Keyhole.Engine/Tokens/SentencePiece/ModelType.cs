namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>Kinds of SentencePiece models, by the numbers of the format.</summary>
internal enum ModelType
{
    Unigram = 1,
    Bpe = 2,
    Word = 3,
    Character = 4,
}
