using System.Text.RegularExpressions;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Claiming.Predicates;

/// <summary>A regular expression that matches somewhere in the prefix, or in the text of one token. Matching never backtracks, so its time grows with the text alone.</summary>
internal sealed class RegexTest : PositionTest
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(2);

    private readonly Regex _regex;
    private readonly TokenTexts _tokens;
    private readonly string _claim;

    private RegexTest(ClaimPlace on, Regex regex, TokenTexts tokens, string claim)
        : base(on) => (_regex, _tokens, _claim) = (regex, tokens, claim);

    /// <summary>Makes the test.</summary>
    /// <param name="claim">Name of the claim, for messages.</param>
    /// <param name="predicate">Its predicate.</param>
    /// <param name="tokens">Texts of tokens that cover none of their own.</param>
    /// <exception cref="InputRefusedException">KH7804: it is no regular expression, or one that must backtrack.</exception>
    public static RegexTest Create(string claim, ClaimPredicate predicate, TokenTexts tokens)
    {
        RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (predicate.IgnoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new RegexTest(predicate.On, new Regex(predicate.Text!, options, LongestMatch), tokens, claim);
        }
        catch (RegexParseException wrong)
        {
            throw new InputRefusedException("KH7804", $"claim '{claim}': the field 'regex' is no regular expression ({wrong.Message.TrimEnd('.')}). Put a backslash before marks that are meant as they stand.", wrong);
        }
        catch (NotSupportedException wrong)
        {
            throw new InputRefusedException("KH7804", $"claim '{claim}': the field 'regex' cannot be matched without backtracking ({wrong.Message.TrimEnd('.')}). Write it without look-around and back-references, and with smaller repeats.", wrong);
        }
    }

    public override bool[] Of(in PrefixText text)
    {
        bool[] holds = new bool[text.Unit.Tokens.Length];
        Find(text, holds);
        if (On == ClaimPlace.Target)
        {
            MoveToTargets(holds);
        }

        return holds;
    }

    protected override void Find(in PrefixText text, bool[] found)
    {
        var places = new TextPlaces(text.Unit);
        try
        {
            for (int i = 0; i < found.Length; i++)
            {
                ReadOnlySpan<char> slice = On == ClaimPlace.Prefix ? places.Prefix(i) : places.Token(i);
                found[i] = _regex.IsMatch(slice.IsEmpty && On != ClaimPlace.Prefix ? _tokens.Of(text.Unit.Tokens[i]) : slice);
            }
        }
        catch (RegexMatchTimeoutException late)
        {
            throw new InputRefusedException("KH7804", $"claim '{_claim}': the field 'regex' takes longer than {LongestMatch.TotalSeconds:0} s on one text (unit {text.Unit.Index}); write a simpler pattern, or cut the corpus into shorter units.", late);
        }
    }
}
