using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Takes leading and trailing white space away.</summary>
internal sealed class StripNormalizer(bool left, bool right) : INormalizer
{
    public AlignedText Apply(AlignedText text)
    {
        ReadOnlySpan<byte> bytes = text.Bytes;
        int start = 0;
        while (left && start < bytes.Length && CodePoints.IsWhiteSpace(CodePoints.Read(bytes, start, out int length)))
        {
            start += length;
        }

        int end = bytes.Length;
        while (right && end > start && CodePoints.IsWhiteSpace(CodePoints.ReadBefore(bytes, end, out int length)))
        {
            end -= length;
        }

        AlignedText result = AlignedText.Empty(end - start, text);
        result.Append(text, start, end);
        return result;
    }
}
