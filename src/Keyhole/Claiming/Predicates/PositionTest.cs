using Keyhole.Composition;

namespace Keyhole.Claiming.Predicates;

/// <summary>A predicate made ready: says of every position of a text whether it holds. Safe for several threads.</summary>
/// <param name="on">What of a position is asked.</param>
internal abstract class PositionTest(ClaimPlace on)
{
    /// <summary>What of a position is asked.</summary>
    protected ClaimPlace On { get; } = on;

    /// <summary>Whether the predicate holds at each position, shape [T]; at a position without a target nothing holds of it.</summary>
    /// <param name="text">The text.</param>
    public virtual bool[] Of(in PrefixText text)
    {
        bool[] holds = new bool[text.Unit.Tokens.Length];
        Find(text, holds);
        switch (On)
        {
            case ClaimPlace.Prefix:
                for (int i = 1; i < holds.Length; i++)
                {
                    holds[i] |= holds[i - 1];
                }

                break;
            case ClaimPlace.Target:
                MoveToTargets(holds);
                break;
            default:
                break;
        }

        return holds;
    }

    /// <summary>What is known of each token, becomes what is known of the position before it.</summary>
    protected static void MoveToTargets(bool[] holds)
    {
        Array.Copy(holds, 1, holds, 0, holds.Length - 1);
        holds[^1] = false;
    }

    /// <summary>Marks the tokens at which what is looked for ends.</summary>
    /// <param name="text">The text, of at least one token.</param>
    /// <param name="found">Shape [T], false so far.</param>
    protected abstract void Find(in PrefixText text, bool[] found);
}
