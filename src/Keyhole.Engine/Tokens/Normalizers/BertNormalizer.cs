using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>BERT's: controls dropped, white space to spaces, spaces around Chinese characters, accents stripped, lower case.</summary>
internal sealed class BertNormalizer : INormalizer
{
    private readonly SequenceNormalizer _steps;

    public BertNormalizer(bool cleanText, bool handleChineseCharacters, bool stripAccents, bool lowercase)
    {
        var steps = new List<INormalizer>();
        if (cleanText)
        {
            steps.Add(new CleanText());
        }

        if (handleChineseCharacters)
        {
            steps.Add(new SpaceChinese());
        }

        if (stripAccents)
        {
            steps.Add(new UnicodeNormalizer(NormalForm.D));
            steps.Add(new StripNonSpacing());
        }

        if (lowercase)
        {
            steps.Add(new LowercaseNormalizer());
        }

        _steps = new SequenceNormalizer(steps);
    }

    public AlignedText Apply(AlignedText text) => _steps.Apply(text);

    private sealed class CleanText : FilterNormalizer
    {
        protected override bool Keeps(int codePoint) =>
            codePoint is '\t' or '\n' or '\r' || (codePoint is not (0 or 0xFFFD) && !OlderUnicode.IsControl8(codePoint));

        protected override int Map(int codePoint) => CodePoints.IsWhiteSpace(codePoint) ? ' ' : codePoint;
    }

    private sealed class StripNonSpacing : FilterNormalizer
    {
        protected override bool Keeps(int codePoint) => codePoint < 0x300 || !OlderUnicode.IsNonSpacingMark8(codePoint);
    }

    private sealed class SpaceChinese : INormalizer
    {
        public AlignedText Apply(AlignedText text)
        {
            AlignedText result = AlignedText.Empty(text.Length + 8, text);
            ReadOnlySpan<byte> bytes = text.Bytes;
            for (int i = 0; i < bytes.Length;)
            {
                int codePoint = CodePoints.Read(bytes, i, out int length);
                (int start, int end) = (text.StartOf(i), text.EndOf(i));
                bool chinese = IsChinese(codePoint);
                if (chinese)
                {
                    result.Append(' ', start, end);
                }

                result.Append(codePoint, start, end);
                if (chinese)
                {
                    result.Append(' ', start, end);
                }

                i += length;
            }

            return result;
        }

        private static bool IsChinese(int codePoint) => codePoint is
            (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
            or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
    }
}
