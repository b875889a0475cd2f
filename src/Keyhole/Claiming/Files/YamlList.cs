namespace Keyhole.Claiming.Files;

/// <summary>A list.</summary>
/// <param name="line">Its line.</param>
internal sealed class YamlList(long line) : YamlPart(line)
{
    public List<YamlPart> Items { get; } = [];

    public override string Kind => "a list";
}
