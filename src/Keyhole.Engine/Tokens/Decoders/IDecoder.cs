namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Turns the pieces of tokens into parts of a text.</summary>
internal interface IDecoder
{
    List<string> Decode(List<string> pieces);
}
