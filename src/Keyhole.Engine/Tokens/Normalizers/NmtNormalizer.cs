using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>The rules of the Nmt project: controls are dropped, separators become spaces.</summary>
internal sealed class NmtNormalizer : FilterNormalizer
{
    protected override bool Keeps(int codePoint) => codePoint is not ((>= 0x01 and <= 0x08) or 0x0B or (>= 0x0E and <= 0x1F) or 0x7F or 0x8F or 0x9F);

    protected override int Map(int codePoint) =>
        codePoint is 0x09 or 0x0A or 0x0C or 0x0D or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD ? ' ' : codePoint;
}
