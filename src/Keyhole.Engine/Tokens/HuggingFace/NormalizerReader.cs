using Keyhole.Engine.Tokens.Normalizers;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads the normalizer section.</summary>
internal static class NormalizerReader
{
    private const string Known =
        "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Replace, Prepend, Append, Precompiled, ByteLevel, Nmt, Sequence";

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
            "Prepend" => new PrependNormalizer(part["prepend"].Text()),
            "Replace" => new ReplaceNormalizer(PatternReader.Read(part["pattern"]), part["content"].Text()),
            _ => throw TokenErrors.UnknownPart(part.File, part.Field, type, Known),
        };
    }
}
