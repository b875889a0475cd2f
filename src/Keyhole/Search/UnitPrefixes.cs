using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Search;

/// <summary>The prefixes of one unit, and where a search matches in them; each is looked at once, however many memories it triggers.</summary>
internal sealed class UnitPrefixes
{
    private readonly Study _study;
    private readonly StudyUnit _unit;
    private readonly PrefixPattern? _pattern;
    private readonly SearchOptions _options;
    private readonly List<(int Start, int End)>? _phrases;
    private readonly (int Start, int End)?[] _matches;
    private readonly bool[] _known;

    public UnitPrefixes(Study study, StudyUnit unit, Phrase? phrase, PrefixPattern? pattern, SearchOptions options)
    {
        _study = study;
        _unit = unit;
        _pattern = pattern;
        _options = options;
        _phrases = phrase?.Find(TextWord.Of(unit.Text));
        _matches = new (int, int)?[unit.Tokens.Length];
        _known = new bool[unit.Tokens.Length];
    }

    /// <summary>The last place of a match in the prefix that ends at a position, UTF-16 start and end; null where it does not match.</summary>
    /// <remarks>Words are those of the unit's text: one that the prefix cuts in two does not match.</remarks>
    public (int Start, int End)? Match(int position)
    {
        if (!_known[position])
        {
            (_known[position], _matches[position]) = (true, Find(position));
        }

        return _matches[position];
    }

    private (int Start, int End)? Find(int position)
    {
        if (_phrases is { Count: 0 } || !HasTarget(position))
        {
            return null;
        }

        string prefix = TriggerText.Prefix(_unit, position);
        (int, int) place = (prefix.Length, prefix.Length);
        if (_phrases is not null)
        {
            int last = _phrases.FindLastIndex(phrase => phrase.End <= prefix.Length);
            if (last < 0)
            {
                return null;
            }

            place = _phrases[last];
        }

        return _pattern is null ? place : _pattern.Find(prefix) is not { } matched ? null : _phrases is null ? matched : place;
    }

    private bool HasTarget(int position)
    {
        if (_options.Target is not { } target)
        {
            return true;
        }

        if (position + 1 >= _unit.Tokens.Length)
        {
            return false;
        }

        var trigger = new Trigger(0, float.NaN, _unit.Index, position, _unit.Tokens[position + 1]);
        string text = TriggerText.Target(_unit, trigger, _study.TokenPiece) ?? string.Empty;
        return text.Trim().Equals(target.Trim(), _options.IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }
}
