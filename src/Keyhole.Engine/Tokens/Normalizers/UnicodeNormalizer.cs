using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Brings a text to a Unicode normalisation form.</summary>
internal sealed class UnicodeNormalizer(NormalForm form) : INormalizer
{
    public AlignedText Apply(AlignedText text) =>
        LeavesUnchanged(text.Bytes) ? text : text.Rewrite(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(Normalization.Normalize(text.Bytes, form)), 0);

    public bool LeavesUnchanged(ReadOnlySpan<byte> text) => Normalization.IsSurelyNormal(text, form);
}
