namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <content>What stands in square brackets.</content>
internal sealed partial class ExpressionParser
{
    /// <summary>A class, after its '['.</summary>
    private CharacterSet ParseClass()
    {
        if (++_depth > DeepestNesting)
        {
            throw new FormatException($"it is nested more than {DeepestNesting} deep.");
        }

        bool negated = Take('^');
        var set = new CharacterSet();
        CharacterSet result = set;
        bool first = true;
        while (first || Current != ']')
        {
            if (AtEnd)
            {
                throw Unexpected("a class without its ']'");
            }

            if (Take("&&"))
            {
                var right = new CharacterSet();
                result = Intersect(result, set, right);
                set = right;
            }
            else
            {
                ParseMember(set);
            }

            first = false;
        }

        _position++;
        set.Seal(_ignoreCase);
        _depth--;
        if (!negated)
        {
            return result;
        }

        var outside = new CharacterSet { Negated = true };
        outside.Add(result.Seal(_ignoreCase));
        return outside;
    }

    private CharacterSet Intersect(CharacterSet result, CharacterSet left, CharacterSet right)
    {
        left.Seal(_ignoreCase);
        result.Seal(_ignoreCase);
        var both = new CharacterSet();
        both.Add(result);
        both.Cut(right);
        return both;
    }

    private void ParseMember(CharacterSet set)
    {
        if (Take("[:"))
        {
            ParsePosixMember(set);
            return;
        }

        if (Take('['))
        {
            set.Add(ParseClass().Seal(_ignoreCase));
            return;
        }

        int? low = ParseMemberCharacter(set);
        if (low is null)
        {
            return;
        }

        bool range = Current == '-' && _position + 1 < _pattern.Length && _pattern[_position + 1] != ']';
        if (!range)
        {
            set.AddRange(low.Value, low.Value);
            return;
        }

        _position++;
        if (Current == '[' || (Current == '&' && _position + 1 < _pattern.Length && _pattern[_position + 1] == '&'))
        {
            set.AddRange(low.Value, low.Value);
            set.AddRange('-', '-');
            return;
        }

        int? high = ParseMemberCharacter(set);
        if (high is null)
        {
            set.AddRange(low.Value, low.Value);
            set.AddRange('-', '-');
        }
        else
        {
            set.AddRange(low.Value, high >= low ? high.Value : throw Unexpected("a range that ends before it begins"));
        }
    }

    /// <summary>A character of a class; null where a class escape was added instead.</summary>
    private int? ParseMemberCharacter(CharacterSet set)
    {
        if (!Take('\\'))
        {
            return _pattern[_position++];
        }

        if (AtEnd)
        {
            throw Unexpected("a class without its ']'");
        }

        if (Take('b'))
        {
            return '\b';
        }

        CharacterSet? shorthand = ParseShorthand();
        if (shorthand is null)
        {
            return ParseCharacterEscape();
        }

        set.Add(shorthand.Seal(_ignoreCase));
        return null;
    }

    private void ParsePosixMember(CharacterSet set)
    {
        bool negated = Take('^');
        int start = _position;
        while (!AtEnd && Current != ':')
        {
            _position++;
        }

        string name = string.Concat(_pattern[start.._position].Select(char.ConvertFromUtf32));
        if (!Take(":]"))
        {
            throw Unexpected("'[:' without its ':]'");
        }

        set.Add(CharacterProperties.Find(name) ?? throw new FormatException($"the class '{name}' is not known."), negated);
    }
}
