namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>One decoder after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<IDecoder> steps) : IDecoder
{
    public List<string> Decode(List<string> pieces) => steps.Aggregate(pieces, (current, step) => step.Decode(current));
}
