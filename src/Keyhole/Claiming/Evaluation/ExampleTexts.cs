using System.Collections.Immutable;
using Keyhole.Claiming.Passes;
using Keyhole.Claiming.Predicates;
using Keyhole.Composition;
using Keyhole.Studies;

namespace Keyhole.Claiming.Evaluation;

/// <summary>The texts of picked positions, from the study, or by another reading of the corpus.</summary>
internal sealed class ExampleTexts
{
    private const int LongestBefore = 120;

    private readonly Dictionary<int, StudyUnit> _units = [];
    private readonly TokenTexts _tokens;

    /// <param name="tokens">Texts of tokens that cover none of their own.</param>
    private ExampleTexts(TokenTexts tokens) => _tokens = tokens;

    /// <summary>Reads the units.</summary>
    /// <param name="study">The study; null where the texts are others.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="wanted">Numbers of units.</param>
    /// <param name="tokens">Texts of tokens that cover none of their own.</param>
    /// <param name="cancellation">Stops it.</param>
    public static ExampleTexts Read(Study? study, ClaimTexts texts, IEnumerable<int> wanted, TokenTexts tokens, CancellationToken cancellation)
    {
        var read = new ExampleTexts(tokens);
        var units = new SortedSet<int>(wanted);
        if (study is not null)
        {
            foreach (int unit in units)
            {
                cancellation.ThrowIfCancellationRequested();
                read._units.Add(unit, study.Unit(unit));
            }

            return read;
        }

        foreach (PrefixText text in units.Count == 0 ? [] : texts.Read(null, null, cancellation))
        {
            if (units.Remove(text.Unit.Index))
            {
                read._units.Add(text.Unit.Index, text.Unit);
            }

            if (units.Count == 0)
            {
                break;
            }
        }

        return read;
    }

    /// <summary>Picks with their texts.</summary>
    public ClaimExamples Of(ExamplePicks picks) => new() { Hits = All(picks.Hits), Extra = All(picks.Extra), Missed = All(picks.Missed) };

    private ImmutableArray<ClaimExample> All(ExamplePicks.Pick[] picks) => [.. picks.Where(pick => _units.ContainsKey(pick.Unit)).Select(pick => Example(pick, _units[pick.Unit]))];

    private ClaimExample Example(ExamplePicks.Pick pick, StudyUnit unit)
    {
        var places = new TextPlaces(unit);
        string before = pick.Position == 0 ? string.Empty : places.Prefix(pick.Position - 1).ToString();
        int cut = before.Length - LongestBefore;
        string shown = cut <= 0 ? before : string.Concat("…", before.AsSpan(char.IsLowSurrogate(before[cut]) ? cut + 1 : cut));
        return new ClaimExample(unit.Index, pick.Position, pick.Coefficient, shown, After(places, unit, pick.Position), pick.Position + 1 < unit.Tokens.Length ? After(places, unit, pick.Position + 1) : null);
    }

    // What the token at a position adds to the prefix before it; where that is nothing, the token's own text.
    private string After(TextPlaces places, StudyUnit unit, int position)
    {
        int from = position == 0 ? 0 : places.Prefix(position - 1).Length;
        string added = places.Prefix(position)[from..].ToString();
        return added.Length > 0 ? added : _tokens.Of(unit.Tokens[position]);
    }
}
