namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>Cuts a text into words; pieces that are tokens already stay as they are.</summary>
internal interface IPreTokenizer
{
    void Apply(PreTokenizedText text);
}
