using Keyhole.Memories;

namespace Keyhole.Studies.Analysis;

/// <summary>Poles by name, as tables, JSON and commands write them.</summary>
public static class PoleName
{
    /// <summary><c>positive</c> or <c>negative</c>.</summary>
    public static string Of(Pole pole) => pole == Pole.Positive ? "positive" : "negative";

    /// <summary>The pole of a name.</summary>
    /// <exception cref="InvalidDataException">The text is neither.</exception>
    public static Pole Parse(string text) => text switch
    {
        "positive" => Pole.Positive,
        "negative" => Pole.Negative,
        _ => throw new InvalidDataException($"'{text}' is no pole"),
    };
}
