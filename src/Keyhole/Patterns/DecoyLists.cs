using Keyhole.Corpora;
using Keyhole.Statistics;

namespace Keyhole.Patterns;

/// <summary>Draws decoy lists of a layer. Each draw is a hash of the seed, the layer and what is drawn, so the same lists give the same decoys in any order.</summary>
/// <param name="reference">The corpus.</param>
/// <param name="lists">The layer's lists in an order of their contents.</param>
/// <param name="seed">Which decoys.</param>
/// <param name="layer">The layer.</param>
internal sealed class DecoyLists(PatternReference reference, PrefixPlace[][] lists, ulong seed, int layer)
{
    private const ulong TemplateStream = 0x5041_0002;
    private const ulong LengthStream = 0x5041_0003;
    private const ulong TokenStream = 0x5041_0004;
    private const ulong AnyStream = 0x5041_0005;
    private const ulong ShuffleStream = 0x5041_0006;
    private const int Tries = 8;
    private const int Compared = 6;   // prefixes with the last token, of which that of the nearest length is taken

    /// <summary>Random prefixes of the lengths of a list.</summary>
    public PrefixPlace[] OfLengths(int decoy) => Draw(decoy, (like, number) => Any(reference.At(like.Position), LengthStream, decoy, number, like));

    /// <summary>Random prefixes of the lengths and last tokens of a list.</summary>
    public PrefixPlace[] OfTokens(int decoy) => Draw(decoy, (like, number) =>
    {
        ReadOnlySpan<PrefixPlace> same = reference.EndingIn(like.Last);
        PrefixPlace best = like;
        for (int i = 0; i < Compared && same.Length > 1; i++)
        {
            PrefixPlace one = Any(same, TokenStream, decoy, (number * Compared) + i, like);
            best = !ReferenceEquals(one.Unit, like.Unit) && (ReferenceEquals(best.Unit, like.Unit) || Distance(one, like) < Distance(best, like)) ? one : best;
        }

        return best;
    });

    /// <summary>Random prefixes.</summary>
    public PrefixPlace[] OfAny(int decoy) => Draw(decoy, (like, number) => Any(reference.All, AnyStream, decoy, number, like));

    /// <summary>Triggers of random memories, each from its own place in its list.</summary>
    public PrefixPlace[] Shuffled(int decoy)
    {
        PrefixPlace[] template = Template(ShuffleStream ^ TemplateStream, decoy);
        HashSet<UnitFeatures> units = [];
        var decoys = new PrefixPlace[template.Length];
        for (int place = 0; place < decoys.Length; place++)
        {
            for (int i = 0; i < Tries; i++)
            {
                PrefixPlace[] list = lists[UniformDraw.Below(lists.Length, Stream(ShuffleStream), (ulong)decoy, (ulong)((place * Tries) + i))];
                decoys[place] = list[Math.Min(place, list.Length - 1)];
                if (units.Add(decoys[place].Unit))
                {
                    break;
                }
            }
        }

        return decoys;
    }

    // A prefix for each of a random list, of units that the decoy does not have yet where that is possible.
    private PrefixPlace[] Draw(int decoy, Func<PrefixPlace, int, PrefixPlace> draw)
    {
        PrefixPlace[] template = Template(TemplateStream, decoy);
        HashSet<UnitFeatures> units = [];
        var decoys = new PrefixPlace[template.Length];
        for (int place = 0; place < decoys.Length; place++)
        {
            for (int i = 0; i < Tries; i++)
            {
                decoys[place] = draw(template[place], (place * Tries) + i);
                if (units.Add(decoys[place].Unit))
                {
                    break;
                }
            }
        }

        return decoys;
    }

    private PrefixPlace[] Template(ulong stream, int decoy) => lists[UniformDraw.Below(lists.Length, Stream(stream), (ulong)decoy, 0)];

    private PrefixPlace Any(ReadOnlySpan<PrefixPlace> places, ulong stream, int decoy, int number, PrefixPlace otherwise)
        => places.IsEmpty ? otherwise : places[UniformDraw.Below(places.Length, Stream(stream), (ulong)decoy, (ulong)number)];

    private ulong Stream(ulong stream) => CounterHash.Hash(seed, stream, (ulong)layer);

    private static int Distance(in PrefixPlace one, in PrefixPlace like) => Math.Abs(one.Position - like.Position);
}
