namespace Keyhole.Claiming.Files;

/// <summary>A scalar.</summary>
/// <param name="text">Its text.</param>
/// <param name="isPlain">Whether it is written without quotes, so that it may be a number.</param>
/// <param name="line">Its line.</param>
internal sealed class YamlScalar(string text, bool isPlain, long line) : YamlPart(line)
{
    public string Text { get; } = text;

    public bool IsPlain { get; } = isPlain;

    public override string Kind => "a text";
}
