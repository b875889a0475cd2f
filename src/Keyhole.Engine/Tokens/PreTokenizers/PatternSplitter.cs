using Keyhole.Engine.Tokens.Patterns;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>Splits at the matches of a pattern (or, inverted, at what lies between them).</summary>
internal sealed class PatternSplitter(IPattern pattern, SplitBehavior behavior, bool invert = false) : Splitter
{
    public override void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output)
    {
        if (pattern is WordScanner && behavior == SplitBehavior.Isolated)
        {
            pattern.FindMatches(text, start, end, output);
            return;
        }

        var matches = new List<PieceRange>();
        pattern.FindMatches(text, start, end, matches);
        var parts = new List<Part>((matches.Count * 2) + 1);
        int previous = start;
        foreach (PieceRange match in matches)
        {
            if (previous < match.Start)
            {
                parts.Add(new Part(previous, match.Start, invert));
            }

            parts.Add(new Part(match.Start, match.End, !invert));
            previous = match.End;
        }

        if (previous < end)
        {
            parts.Add(new Part(previous, end, invert));
        }

        foreach (Part part in Join(parts))
        {
            if (part.Start < part.End && !(behavior == SplitBehavior.Removed && part.IsDelimiter))
            {
                output.Add(new PieceRange(part.Start, part.End));
            }
        }
    }

    private List<Part> Join(List<Part> parts)
    {
        if (behavior is SplitBehavior.Removed or SplitBehavior.Isolated)
        {
            return parts;
        }

        bool backwards = behavior == SplitBehavior.MergedWithNext;
        if (backwards)
        {
            parts.Reverse();
        }

        var joined = new List<Part>(parts.Count);
        bool previous = false;
        foreach (Part part in parts)
        {
            bool joins = behavior == SplitBehavior.Contiguous ? part.IsDelimiter == previous : part.IsDelimiter && !previous;
            if (joins && joined.Count > 0)
            {
                Part last = joined[^1];
                joined[^1] = backwards ? last with { Start = part.Start } : last with { End = part.End };
            }
            else
            {
                joined.Add(part);
            }

            previous = part.IsDelimiter;
        }

        if (backwards)
        {
            joined.Reverse();
        }

        return joined;
    }

    private readonly record struct Part(int Start, int End, bool IsDelimiter);
}
