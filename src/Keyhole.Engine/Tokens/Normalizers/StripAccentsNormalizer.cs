using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Drops all marks.</summary>
internal sealed class StripAccentsNormalizer : FilterNormalizer
{
    protected override bool Keeps(int codePoint) => !OlderUnicode.IsMark9(codePoint);
}
