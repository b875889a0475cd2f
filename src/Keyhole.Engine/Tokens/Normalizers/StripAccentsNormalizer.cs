using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>Drops all marks.</summary>
internal sealed class StripAccentsNormalizer : FilterNormalizer
{
    protected override bool Keeps(int codePoint) => (CodePoints.ClassOf(codePoint) & CharClass.Mark) == 0;
}
