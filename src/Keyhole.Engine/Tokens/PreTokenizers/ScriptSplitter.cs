using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>Cuts where the script changes. Kana count as Han; a space belongs to what stands before it, and is dropped at the beginning.</summary>
internal sealed class ScriptSplitter : Splitter
{
    private const int Any = -1;

    public override void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output)
    {
        int from = -1;
        int last = Any;
        for (int i = start; i < end;)
        {
            int script = ScriptOf(CodePoints.Read(text, i, out int length));
            if (script != Any && script != last)
            {
                if (from >= 0)
                {
                    output.Add(new PieceRange(from, i));
                }

                (from, last) = (i, script);
            }

            i += length;
        }

        if (from >= 0)
        {
            output.Add(new PieceRange(from, end));
        }
    }

    private static int ScriptOf(int codePoint)
    {
        if (codePoint == ' ')
        {
            return Any;
        }

        // The library's scripts are those of Unicode 9.0; a few were changed since.
        int script = codePoint is 0x589 or 0x61C ? Scripts.Common
            : codePoint is 0x953 or 0x954 ? Scripts.Devanagari
            : OlderUnicode.IsIn9(codePoint) ? Scripts.Of(codePoint) : Scripts.Unknown;
        return codePoint == 0x30FC || script == Scripts.Hiragana || script == Scripts.Katakana ? Scripts.Han : script == Scripts.Unknown ? Any : script;
    }
}
