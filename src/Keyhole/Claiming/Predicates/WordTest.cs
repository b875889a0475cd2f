using System.Collections.Frozen;
using Keyhole.Composition;
using Keyhole.Search;
using Keyhole.Studies;

namespace Keyhole.Claiming.Predicates;

/// <summary>One of some words, in small letters; ends at the token with which the word ends in the text.</summary>
internal sealed class WordTest(ClaimPlace on, FrozenSet<string> words) : PositionTest(on)
{
    protected override void Find(in PrefixText text, bool[] found)
    {
        var ends = new HashSet<int>();
        foreach (TextWord word in TextWord.Of(text.Unit.Text))
        {
            if (words.Contains(word.Folded))
            {
                ends.Add(word.End);
            }
        }

        if (ends.Count == 0)
        {
            return;
        }

        var places = new TextPlaces(text.Unit);
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = ends.Contains(places.WholeEnd(i));
        }
    }
}
