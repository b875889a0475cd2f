using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Rewrites a text before it is cut into words, keeping its alignment.</summary>
internal interface INormalizer
{
    AlignedText Apply(AlignedText text);

    /// <summary>Whether it can be told at little cost that the text, and each part of it, stays as it is.</summary>
    bool LeavesUnchanged(ReadOnlySpan<byte> text) => false;
}
