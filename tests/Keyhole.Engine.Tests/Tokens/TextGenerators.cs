using FsCheck;
using FsCheck.Fluent;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>Random texts of the kinds of characters on which tokenizers differ.</summary>
internal static class TextGenerators
{
    private static readonly string[] Parts =
    [
        "a", "the", "Z", "é", "e\u0301", "ſ", "中", "한", "\U00010400", "𝔘", "9", "1234", "٣", "½", "²", "Ⅷ", "𝟙", " ", " ", "  ", "\t", "\n", "\r\n", "\u00A0", "\u3000", "\u2028",
        "'", "'s", "'S", "'ll", "'RE", "'ſ", "'d", "’s", ".", "!?", "-", "_", "$", "+", "👍🏽", "👩\u200D👩", "\u200D", "\0", "\u0085", "\uFFFD", "\uE000", "\u0378", "<s>", "<|x|>", "▁",
    ];

    /// <summary>Up to about forty such parts.</summary>
    public static Gen<string> Words { get; } = Gen.Elements(Parts).ListOf().Select(parts => string.Concat(parts));

    /// <summary>The same with halves of surrogate pairs.</summary>
    public static Gen<string> WordsAndHalves { get; } = Gen.Elements([.. Parts, "\uD83D", "\uDE00"]).ListOf().Select(parts => string.Concat(parts));
}
