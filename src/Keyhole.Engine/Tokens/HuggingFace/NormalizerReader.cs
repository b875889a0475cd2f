using Keyhole.Engine.Tokens.Normalizers;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads the normalizer section.</summary>
internal static class NormalizerReader
{
    private const string Known =
        "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Replace, Prepend, Precompiled, ByteLevel, Nmt, Sequence";

    public static INormalizer? Read(JsonPart part)
    {
        if (part.IsNull)
        {
            return null;
        }

        string type = part["type"].Text();
        return type switch
        {
            "Sequence" => new SequenceNormalizer([.. part["normalizers"].Items().Select(item => Read(item) ?? throw item.Refuse("a normalizer"))]),
            "BertNormalizer" => new BertNormalizer(
                part["clean_text"].Flag(true), part["handle_chinese_chars"].Flag(true),
                part["strip_accents"].Flag(part["lowercase"].Flag(true)), part["lowercase"].Flag(true)),
            "NFC" => new UnicodeNormalizer(NormalForm.C),
            "NFD" => new UnicodeNormalizer(NormalForm.D),
            "NFKC" => new UnicodeNormalizer(NormalForm.KC),
            "NFKD" => new UnicodeNormalizer(NormalForm.KD),
            "Lowercase" => new LowercaseNormalizer(),
            "Strip" => new StripNormalizer(part["strip_left"].Flag(true), part["strip_right"].Flag(true)),
            "StripAccents" => new StripAccentsNormalizer(),
            "Nmt" => new NmtNormalizer(),
            "ByteLevel" => new ByteLevelNormalizer(),
            "Precompiled" => Precompiled(part["precompiled_charsmap"]),
            "Prepend" => new PrependNormalizer(part["prepend"].Text()),
            "Replace" => new ReplaceNormalizer(PatternReader.Read(part["pattern"]), part["content"].Text()),
            _ => throw TokenErrors.UnknownPart(part.File, part.Field, type, Known),
        };
    }

    private static PrecompiledNormalizer Precompiled(JsonPart part)
    {
        string text = part.Text();
        var blob = new byte[text.Length];
        CharacterMap? map = Convert.TryFromBase64String(text, blob, out int length) ? CharacterMap.Read(blob.AsSpan(0, length)) : null;
        return map is null ? throw part.Refuse("a SentencePiece character map in base64") : new PrecompiledNormalizer(map);
    }
}
