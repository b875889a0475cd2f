namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Joins all parts to one.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public List<string> Decode(List<string> pieces) => [string.Concat(pieces)];
}
