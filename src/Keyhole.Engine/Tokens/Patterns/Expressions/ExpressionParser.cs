using System.Globalization;
using System.Text;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>Parses the part of Oniguruma's syntax (Ruby's, as the tokenizers library uses it) that tokenizers need; anything else is an error that names it.</summary>
internal sealed partial class ExpressionParser
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
}
