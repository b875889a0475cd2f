using System.Collections.Frozen;
using Keyhole.Composition;

namespace Keyhole.Claiming.Predicates;

/// <summary>One of some tokens, by id.</summary>
internal sealed class TokenTest(ClaimPlace on, FrozenSet<int> ids) : PositionTest(on)
{
    protected override void Find(in PrefixText text, bool[] found)
    {
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = ids.Contains(text.Unit.Tokens[i]);
        }
    }
}
