using Keyhole.Claiming.Files;
using Keyhole.Composition;

namespace Keyhole.Claiming.Predicates;

/// <summary>A label of a file.</summary>
internal sealed class LabelTest(ClaimPlace on, string label, LabelFile labels) : PositionTest(on)
{
    protected override void Find(in PrefixText text, bool[] found)
    {
        foreach (int position in labels.Positions(label, text.Unit.Index) ?? [])
        {
            if (position == LabelFile.Everywhere)
            {
                Array.Fill(found, true);
            }
            else if (position < found.Length)
            {
                found[position] = true;
            }
        }
    }
}
