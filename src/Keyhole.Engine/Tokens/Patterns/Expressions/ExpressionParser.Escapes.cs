using System.Text;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <content>What begins with a backslash.</content>
internal sealed partial class ExpressionParser
{
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
}
