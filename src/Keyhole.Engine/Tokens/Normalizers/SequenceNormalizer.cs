using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>One normaliser after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<INormalizer> steps) : INormalizer
{
    public AlignedText Apply(AlignedText text) => steps.Aggregate(text, (current, step) => step.Apply(current));

    public bool LeavesUnchanged(ReadOnlySpan<byte> text)
    {
        foreach (INormalizer step in steps)
        {
            if (!step.LeavesUnchanged(text))
            {
                return false;
            }
        }

        return true;
    }
}
