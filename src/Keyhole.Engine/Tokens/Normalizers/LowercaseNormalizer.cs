using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Lower-cases each character by itself, so that a final sigma is not looked for.</summary>
internal sealed class LowercaseNormalizer : INormalizer
{
    public AlignedText Apply(AlignedText text)
    {
        AlignedText result = AlignedText.Empty(text.Length + 8, text);
        ReadOnlySpan<byte> bytes = text.Bytes;
        for (int i = 0; i < bytes.Length;)
        {
            int codePoint = CodePoints.Read(bytes, i, out int length);
            (int start, int end) = (text.StartOf(i), text.EndOf(i));
            result.Append(CodePoints.ToLower(codePoint), start, end);
            if (codePoint == 0x130)
            {
                result.Append(0x307, start, end); // the one letter whose lower case is two characters
            }

            i += length;
        }

        return result;
    }
}
