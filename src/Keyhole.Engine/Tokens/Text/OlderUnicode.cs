using System.Globalization;

namespace Keyhole.Engine.Tokens.Text;

/// <summary>Properties of characters as older Unicode versions had them, which parts of the tokenizers library are built on.</summary>
/// <remarks>They are today's, less the characters that came later, and with the few characters whose category was changed since.</remarks>
internal static class OlderUnicode
{
    private static readonly Table Ages = new();

    /// <summary>General category P in Unicode 8.0.</summary>
    public static bool IsPunctuation8(int codePoint) =>
        codePoint is 0x166D or 0x111C9 || ((CodePoints.ClassOf(codePoint) & CharClass.Punctuation) != 0 && ClassOf(codePoint) == 0);

    /// <summary>General category Mn in Unicode 8.0.</summary>
    public static bool IsNonSpacingMark8(int codePoint) =>
        codePoint is 0x1734 or 0x1171E
        || (codePoint is not (0x1885 or 0x1886 or 0xA9BD or 0x111C9)
            && CodePoints.Category(codePoint) == UnicodeCategory.NonSpacingMark && ClassOf(codePoint) == 0);

    /// <summary>General category Cc, Cf or Co in Unicode 8.0.</summary>
    public static bool IsControl8(int codePoint) =>
        CodePoints.Category(codePoint) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate && ClassOf(codePoint) == 0;

    /// <summary>General category M in Unicode 9.0.</summary>
    public static bool IsMark9(int codePoint) =>
        codePoint is 0x1CF2 or 0x1CF3 || (codePoint != 0x111C9 && (CodePoints.ClassOf(codePoint) & CharClass.Mark) != 0 && IsIn9(codePoint));

    /// <summary>Whether Unicode 9.0 had the character.</summary>
    public static bool IsIn9(int codePoint) => ClassOf(codePoint) < 2;

    /// <summary>0: in Unicode 8.0; 1: came with 9.0; 2: later.</summary>
    private static int ClassOf(int codePoint)
    {
        int index = codePoint < Ages.Firsts[0] ? -1 : Array.BinarySearch(Ages.Firsts, codePoint);
        index = index < -1 ? ~index - 1 : index;
        return index >= 0 && codePoint < Ages.Ends[index] ? Ages.Classes[index] : 0;
    }

    private sealed class Table
    {
        public Table()
        {
            var numbers = new PackedNumbers(AgeTables.Packed);
            int runs = numbers.Next();
            (Firsts, Ends, Classes) = (new int[runs], new int[runs], new int[runs]);
            int end = 0;
            for (int i = 0; i < runs; i++)
            {
                Firsts[i] = end + numbers.Next();
                Ends[i] = end = Firsts[i] + numbers.Next();
                Classes[i] = numbers.Next();
            }
        }

        public int[] Firsts { get; }

        public int[] Ends { get; }

        public int[] Classes { get; }
    }
}
