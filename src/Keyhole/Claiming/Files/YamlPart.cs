namespace Keyhole.Claiming.Files;

/// <summary>A part of a YAML file: a scalar, a list or a mapping.</summary>
/// <param name="line">The line on which it begins, from 1.</param>
internal abstract class YamlPart(long line)
{
    /// <summary>The line on which it begins, from 1.</summary>
    public long Line { get; } = line;

    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }
}
