using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Puts something before a text that is not empty; it takes the place of the first character.</summary>
internal sealed class PrependNormalizer(string prefix) : INormalizer
{
    private readonly byte[] _prefix = CodePoints.Utf8(prefix);

    public AlignedText Apply(AlignedText text)
    {
        if (text.Length == 0)
        {
            return text;
        }

        AlignedText result = AlignedText.Empty(text.Length + _prefix.Length, text);
        if (_prefix.Length > 0)
        {
            result.Append(_prefix, text.StartOf(0), text.EndOf(0));
            result.Append(text, 0, text.Length);
            return result;
        }

        // To prepend nothing inserts the first character anew, which gives it an empty place.
        int first = CodePoints.LengthOf(text.Bytes[0]);
        result.Append(text.Bytes[..first], text.Origin, text.Origin);
        result.Append(text, first, text.Length);
        return result;
    }
}
