using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns;

/// <summary>GPT-2's expression.</summary>
internal sealed class Gpt2Scanner : WordScanner
{
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private const CharClass NotOther = CharClass.WhiteSpace | CharClass.Letter | CharClass.Number;

    public override string Expression => Pattern;

    public override int Next(ReadOnlySpan<byte> text, int start)
    {
        int contraction = Contraction(text, start, CaseRule.Exact);
        if (contraction > 0)
        {
            return start + contraction;
        }

        int word = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        CharClass kind = ClassAt(text, word, out int length);
        if ((kind & CharClass.Letter) != 0)
        {
            return Run(text, word + length, CharClass.Letter);
        }

        if ((kind & CharClass.Number) != 0)
        {
            return Run(text, word + length, CharClass.Number);
        }

        return (kind & CharClass.WhiteSpace) == 0
            ? RunOfOthers(text, word + length, NotOther)
            : WhiteSpace(text, start, Run(text, start, CharClass.WhiteSpace));
    }
}
