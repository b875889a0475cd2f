using System.Collections.Frozen;
using System.Collections.Immutable;
using Keyhole.Composition;

namespace Keyhole.Claiming.Predicates;

/// <summary>Tokens that follow each other; ends at the last of them.</summary>
/// <param name="on">What of a position is asked.</param>
/// <param name="alternatives">Sequences, any of which will do; each of sets of ids.</param>
internal sealed class NgramTest(ClaimPlace on, ImmutableArray<FrozenSet<int>>[] alternatives) : PositionTest(on)
{
    protected override void Find(in PrefixText text, bool[] found)
    {
        for (int end = 0; end < found.Length; end++)
        {
            foreach (ImmutableArray<FrozenSet<int>> sequence in alternatives)
            {
                int start = end - sequence.Length + 1;
                bool same = start >= 0;
                for (int i = 0; same && i < sequence.Length; i++)
                {
                    same = sequence[i].Contains(text.Unit.Tokens[start + i]);
                }

                found[end] |= same;
            }
        }
    }
}
