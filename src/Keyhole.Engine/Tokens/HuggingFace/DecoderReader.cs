using System.Text;
using Keyhole.Engine.Tokens.Decoders;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads the decoder section.</summary>
internal static class DecoderReader
{
    private const string Known = "ByteLevel, WordPiece, Metaspace, BPEDecoder, ByteFallback, Fuse, Strip, Replace, CTC, Sequence";

    public static IDecoder? Read(JsonPart part)
    {
        if (part.IsNull)
        {
            return null;
        }

        string type = part["type"].Text();
        return type switch
        {
            "Sequence" => new SequenceDecoder([.. part["decoders"].Items().Select(item => Read(item) ?? throw item.Refuse("a decoder"))]),
            "ByteLevel" => new ByteLevelDecoder(),
            "WordPiece" => new WordPieceDecoder(part["prefix"].Text("##"), part["cleanup"].Flag(true)),
            "Metaspace" => new MetaspaceDecoder(part["replacement"].Text("▁"), MetaspaceScheme.Read(part) != MetaspaceScheme.Never),
            "BPEDecoder" => new BpeDecoder(part["suffix"].Text("</w>")),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Strip" => new StripDecoder(Character(part["content"]), part["start"].Integer(), part["stop"].Integer()),
            "Replace" => new ReplaceDecoder(PatternReader.Read(part["pattern"]), part["content"].Text()),
            "CTC" => new CtcDecoder(part["pad_token"].Text("<pad>"), part["word_delimiter_token"].Text("|"), part["cleanup"].Flag(true)),
            _ => throw TokenErrors.UnknownPart(part.File, part.Field, type, Known),
        };
    }

    private static Rune Character(JsonPart part)
    {
        Rune[] runes = [.. part.Text().EnumerateRunes()];
        return runes.Length == 1 ? runes[0] : throw part.Refuse("one character");
    }
}
