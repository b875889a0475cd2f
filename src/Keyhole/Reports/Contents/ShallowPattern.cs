namespace Keyhole.Reports.Contents;

/// <summary>The last token or the last two tokens that at least three triggers of a memory share: the paper's simplest shallow pattern.</summary>
/// <param name="Tokens">The shared tokens as text.</param>
/// <param name="IsBigram">Whether they are two.</param>
/// <param name="Prefixes">Triggers that end in them.</param>
/// <param name="Triggers">Triggers looked at.</param>
internal sealed record ShallowPattern(string Tokens, bool IsBigram, int Prefixes, int Triggers)
{
    /// <summary>Prefixes that make a pattern, as in the paper.</summary>
    public const int Least = 3;
}
