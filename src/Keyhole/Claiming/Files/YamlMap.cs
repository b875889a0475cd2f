namespace Keyhole.Claiming.Files;

/// <summary>A mapping; no key stands in it twice.</summary>
/// <param name="line">Its line.</param>
internal sealed class YamlMap(long line) : YamlPart(line)
{
    public Dictionary<string, YamlPart> Entries { get; } = new(StringComparer.Ordinal);

    public override string Kind => "a mapping";
}
