using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Drops characters, and may replace those that stay by others.</summary>
internal abstract class FilterNormalizer : INormalizer
{
    public AlignedText Apply(AlignedText text)
    {
        AlignedText result = AlignedText.Empty(text.Length, text);
        ReadOnlySpan<byte> bytes = text.Bytes;
        for (int i = 0; i < bytes.Length;)
        {
            int codePoint = CodePoints.Read(bytes, i, out int length);
            if (Keeps(codePoint))
            {
                result.Append(Map(codePoint), text.StartOf(i), text.EndOf(i));
            }

            i += length;
        }

        return result;
    }

    protected abstract bool Keeps(int codePoint);

    protected virtual int Map(int codePoint) => codePoint;
}
