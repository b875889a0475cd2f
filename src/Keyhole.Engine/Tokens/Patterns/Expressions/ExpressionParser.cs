using System.Globalization;
using System.Text;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>Parses the part of Oniguruma's syntax (Ruby's, as the tokenizers library uses it) that tokenizers need; anything else is an error that names it.</summary>
internal sealed class ExpressionParser
{
    private const int DeepestNesting = 64;
    private const int MostRepeats = 1000;
    private readonly int[] _pattern;
    private int _position;
    private int _depth;
    private bool _ignoreCase;
    private bool _dotMatchesNewLine;
    private bool _extended;

    private ExpressionParser(string pattern) => _pattern = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];

    /// <exception cref="FormatException">The expression is not understood; the message says where.</exception>
    public static Node Parse(string pattern)
    {
        var parser = new ExpressionParser(pattern);
        Node node = parser.ParseChoice();
        return parser.AtEnd ? node : throw parser.Unexpected("')'");
    }

    private bool AtEnd => _position >= _pattern.Length;

    private int Current => AtEnd ? -1 : _pattern[_position];

    private FormatException Unexpected(string what) => new(string.Create(CultureInfo.InvariantCulture, $"{what} at character {_position + 1} is not understood."));

    private bool Take(int codePoint)
    {
        bool taken = Current == codePoint;
        _position += taken ? 1 : 0;
        return taken;
    }

    private bool Take(string text)
    {
        if (_position + text.Length > _pattern.Length)
        {
            return false;
        }

        for (int i = 0; i < text.Length; i++)
        {
            if (_pattern[_position + i] != text[i])
            {
                return false;
            }
        }

        _position += text.Length;
        return true;
    }

    private Node ParseChoice()
    {
        if (++_depth > DeepestNesting)
        {
            throw new FormatException($"it is nested more than {DeepestNesting} deep.");
        }

        (bool ignoreCase, bool dot, bool extended) = (_ignoreCase, _dotMatchesNewLine, _extended);
        var choices = new List<Node> { ParseSequence() };
        while (Take('|'))
        {
            choices.Add(ParseSequence());
        }

        (_ignoreCase, _dotMatchesNewLine, _extended) = (ignoreCase, dot, extended);
        _depth--;
        return choices.Count == 1 ? choices[0] : new Node.Choice(choices);
    }

    private Node ParseSequence()
    {
        var items = new List<Node>();
        while (!AtEnd && Current != '|' && Current != ')')
        {
            if (_extended && (CodePoints.IsWhiteSpace(Current) || Current == '#'))
            {
                SkipComment();
                continue;
            }

            Node? item = ParseItem();
            if (item is not null)
            {
                items.Add(ParseRepeats(item));
            }
        }

        return items.Count == 1 ? items[0] : items.Count == 0 ? new Node.Empty() : new Node.Sequence(items);
    }

    private void SkipComment()
    {
        bool comment = Current == '#';
        _position++;
        while (comment && !AtEnd && Current != '\n')
        {
            _position++;
        }
    }

    private Node ParseRepeats(Node item)
    {
        while (!AtEnd)
        {
            int least;
            int most;
            bool braces = false;
            if (Take('*'))
            {
                (least, most) = (0, -1);
            }
            else if (Take('+'))
            {
                (least, most) = (1, -1);
            }
            else if (Take('?'))
            {
                (least, most) = (0, 1);
            }
            else if (Current == '{' && TryParseBraces(out least, out most))
            {
                braces = true;
            }
            else
            {
                break;
            }

            if (braces && least == most && Current == '?')
            {
                item = new Node.Repeat(item, least, most, Greed.Greedy); // {n}? is (?:{n})? in this syntax: the loop reads the '?'
                continue;
            }

            // {n,m}+ is a repeated repetition in this syntax, not a possessive one.
            Greed greed = Take('?') ? Greed.Lazy : !braces && Take('+') ? Greed.Possessive : Greed.Greedy;
            item = new Node.Repeat(item, least, most, greed);
        }

        return item;
    }

    private bool TryParseBraces(out int least, out int most)
    {
        int start = _position++;
        int? first = ParseNumber();
        int? second = first;
        bool comma = Take(',');
        if (comma)
        {
            second = ParseNumber();
        }

        least = first ?? 0;
        most = second ?? -1;
        if ((first is null && second is null) || !Take('}'))
        {
            _position = start; // no repetition: the brace stands for itself
            return false;
        }

        if (least > MostRepeats || most > MostRepeats || (most >= 0 && most < least))
        {
            throw new FormatException($"it repeats something {least} to {most} times; at most {MostRepeats} can be handled.");
        }

        return true;
    }

    private int? ParseNumber()
    {
        int? value = null;
        while (Current is >= '0' and <= '9')
        {
            value = Math.Min((value ?? 0) * 10 + Current - '0', 100_000_000);
            _position++;
        }

        return value;
    }

    private Node? ParseItem()
    {
        int codePoint = _pattern[_position++];
        switch (codePoint)
        {
            case '(':
                return ParseGroup();
            case '[':
                return new Node.Set(ParseClass().Seal(_ignoreCase));
            case '.':
                bool all = _dotMatchesNewLine;
                return new Node.Set(CharacterSet.Where(c => all || c != '\n').Seal(false));
            case '^':
                return new Node.Anchor(AnchorKind.LineStart);
            case '$':
                return new Node.Anchor(AnchorKind.LineEnd);
            case '\\':
                return ParseEscape();
            case '*' or '+' or '?':
                _position--;
                throw Unexpected($"'{(char)codePoint}' with nothing to repeat");
            default:
                return Literal(codePoint);
        }
    }

    private Node.Set Literal(int codePoint) => new(CharacterSet.Of(codePoint).Seal(_ignoreCase));

    private Node? ParseGroup()
    {
        Node Close(Node item) => Take(')') ? item : throw Unexpected("a group without its ')'");
        if (Take("?#"))
        {
            while (!AtEnd && Current != ')')
            {
                _position++;
            }

            _ = Close(new Node.Empty());
            return null;
        }

        if (Take("?="))
        {
            return Close(new Node.Look(ParseChoice(), Behind: false, Negated: false));
        }

        if (Take("?!"))
        {
            return Close(new Node.Look(ParseChoice(), Behind: false, Negated: true));
        }

        if (Take("?<="))
        {
            return Close(new Node.Look(ParseChoice(), Behind: true, Negated: false));
        }

        if (Take("?<!"))
        {
            return Close(new Node.Look(ParseChoice(), Behind: true, Negated: true));
        }

        if (Take("?>"))
        {
            return Close(new Node.Atomic(ParseChoice()));
        }

        if (Take("?<") || Take("?P<"))
        {
            while (!AtEnd && !Take('>'))
            {
                _position++;
            }

            return Close(ParseChoice());
        }

        return Take('?') ? ParseOptions() : Close(ParseChoice());
    }

    /// <summary><c>(?imx-imx:...)</c>, or without a colon, for the rest of the group.</summary>
    private Node ParseOptions()
    {
        (bool ignoreCase, bool dot, bool extended) = (_ignoreCase, _dotMatchesNewLine, _extended);
        bool on = true;
        while (!AtEnd && Current != ':' && Current != ')')
        {
            switch (_pattern[_position++])
            {
                case '-': on = false; break;
                case 'i': _ignoreCase = on; break;
                case 'm' or 's': _dotMatchesNewLine = on; break;
                case 'x': _extended = on; break;
                default:
                    _position--;
                    throw Unexpected($"the option '{Rune.GetRuneAt(char.ConvertFromUtf32(Current), 0)}'");
            }
        }

        bool group = Take(':');
        if (!group && !Take(')'))
        {
            throw Unexpected("a group without its ')'");
        }

        Node item = ParseChoice(); // without a colon: the rest of the group that they stand in, alternatives and all
        (_ignoreCase, _dotMatchesNewLine, _extended) = (ignoreCase, dot, extended);
        return !group || Take(')') ? item : throw Unexpected("a group without its ')'");
    }

    private Node ParseEscape()
    {
        if (AtEnd)
        {
            throw Unexpected("a '\\' with nothing after it");
        }

        switch (Current)
        {
            case 'A': return Anchor(AnchorKind.TextStart);
            case 'z': return Anchor(AnchorKind.TextEnd);
            case 'Z': return Anchor(AnchorKind.TextEndOrLastLine);
            case 'b': return Anchor(AnchorKind.WordBoundary);
            case 'B': return Anchor(AnchorKind.NoWordBoundary);
            case 'R':
                _position++;
                return new Node.Atomic(new Node.Choice([
                    new Node.Sequence([Literal('\r'), Literal('\n')]),
                    new Node.Set(CharacterSet.Where(c => c is (>= 0x0A and <= 0x0D) or 0x85 or 0x2028 or 0x2029).Seal(false))]));
            case >= '1' and <= '9' or 'k' or 'g' or 'G' or 'K' or 'X' or 'y' or 'Y':
                throw Unexpected($"'\\{(char)Current}'");
        }

        CharacterSet? shorthand = ParseShorthand();
        return shorthand is not null ? new Node.Set(shorthand.Seal(_ignoreCase)) : Literal(ParseCharacterEscape());
    }

    private Node.Anchor Anchor(AnchorKind kind)
    {
        _position++;
        return new Node.Anchor(kind);
    }

    /// <summary>A class escape; null, and nothing is read, where there is none.</summary>
    private CharacterSet? ParseShorthand()
    {
        switch (Current)
        {
            case 's' or 'S': return Shorthand(CodePoints.IsWhiteSpace, 'S');
            case 'd' or 'D': return Shorthand(CharacterProperties.IsDigit, 'D');
            case 'w' or 'W': return Shorthand(CharacterProperties.IsWord, 'W');
            case 'h' or 'H': return Shorthand(CharacterProperties.IsHex, 'H');
            case 'p' or 'P':
                bool negated = _pattern[_position++] == 'P';
                return ParseProperty(negated);
            default: return null;
        }
    }

    private CharacterSet Shorthand(Func<int, bool> contains, char negation) => CharacterSet.Where(contains, _pattern[_position++] == negation);

    private CharacterSet ParseProperty(bool negated)
    {
        string name;
        if (Take('{'))
        {
            negated ^= Take('^');
            int start = _position;
            while (!AtEnd && Current != '}')
            {
                _position++;
            }

            name = string.Concat(_pattern[start.._position].Select(char.ConvertFromUtf32));
            if (!Take('}'))
            {
                throw Unexpected("'\\p{' without its '}'");
            }
        }
        else
        {
            name = AtEnd ? "" : char.ConvertFromUtf32(_pattern[_position++]);
        }

        Func<int, bool> contains = CharacterProperties.Find(name) ?? throw new FormatException($"the property '{name}' is not known.");
        return CharacterSet.Where(contains, negated);
    }

    private int ParseCharacterEscape()
    {
        int codePoint = _pattern[_position++];
        switch (codePoint)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'r': return '\r';
            case 'f': return '\f';
            case 'v': return '\v';
            case 'a': return '\a';
            case 'e': return 0x1B;
            case '0': return ParseRadix(8, 2, 0);
            case 'u': return ParseRadix(16, 4, 4);
            case 'x' when Take('{'):
                int value = ParseRadix(16, 6, 1);
                return Take('}') ? value : throw Unexpected("'\\x{' without its '}'");
            case 'x': return ParseRadix(16, 2, 1);
            default:
                return codePoint < 128 && char.IsAsciiLetterOrDigit((char)codePoint) ? throw Unexpected($"'\\{(char)codePoint}'") : codePoint;
        }
    }

    private int ParseRadix(int radix, int mostDigits, int leastDigits)
    {
        int value = 0;
        int digits = 0;
        while (digits < mostDigits && Current is >= 0 and < 128 && char.IsAsciiHexDigit((char)Current) && Convert.ToInt32(((char)Current).ToString(), 16) is int digit && digit < radix)
        {
            value = (value * radix) + digit;
            digits++;
            _position++;
        }

        return digits >= leastDigits && Rune.IsValid(value) ? value : throw Unexpected("a character's number");
    }

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
