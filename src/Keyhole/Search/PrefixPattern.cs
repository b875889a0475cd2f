using System.Text.RegularExpressions;
using Keyhole.Engine;

namespace Keyhole.Search;

/// <summary>A regular expression over prefixes, in bounded time.</summary>
internal sealed class PrefixPattern
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private readonly Regex _regex;

    private PrefixPattern(Regex regex) => _regex = regex;

    /// <summary>Reads a pattern in .NET's syntax. Matching does not backtrack, but where look-arounds or back-references need it.</summary>
    /// <exception cref="InputRefusedException">KH5810: it is no regular expression.</exception>
    public static PrefixPattern Parse(string pattern, bool ignoreCase)
    {
        RegexOptions options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        try
        {
            return new PrefixPattern(Create(pattern, options));
        }
        catch (RegexParseException wrong)
        {
            throw new InputRefusedException("KH5810", $"--regex: this is no regular expression ({wrong.Message.TrimEnd('.')}). Put a backslash before marks that are meant as they stand.", wrong);
        }
    }

    /// <summary>The last match in a prefix; null without one.</summary>
    /// <exception cref="InputRefusedException">KH5811: it takes too long.</exception>
    public (int Start, int End)? Find(string prefix)
    {
        try
        {
            (int, int)? last = null;
            foreach (System.Text.RegularExpressions.ValueMatch match in _regex.EnumerateMatches(prefix))
            {
                last = (match.Index, match.Index + match.Length);
            }

            return last;
        }
        catch (RegexMatchTimeoutException late)
        {
            throw new InputRefusedException("KH5811", $"--regex: matching one text takes longer than {LongestMatch.TotalSeconds:0} s; write the pattern without look-around and back-references, or without repeats inside repeats.", late);
        }
    }

    private static Regex Create(string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, LongestMatch);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, options, LongestMatch);
        }
    }
}
