using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads the model section.</summary>
internal static class ModelReader
{
    private const int LongestAffix = 128;

    public static IModel Read(JsonSections sections)
    {
        string type = sections.ModelField("type").IsNull ? Guess(sections) : sections.ModelField("type").Text();
        return type switch
        {
            "BPE" => ReadBpe(sections),
            "Unigram" => ReadUnigram(sections),
            "WordPiece" => new WordPieceModel(
                sections.File, ReadVocabulary(sections), sections.ModelField("unk_token").Text("[UNK]"), Affix(sections.ModelField("continuing_subword_prefix")) ?? "##",
                sections.ModelField("max_input_chars_per_word").IsNull ? 100 : sections.ModelField("max_input_chars_per_word").Integer()),
            "WordLevel" => new WordLevelModel(sections.File, ReadVocabulary(sections), sections.ModelField("unk_token").Text("<unk>")),
            _ => throw TokenErrors.UnknownPart(sections.File, "model", type, "BPE, Unigram, WordPiece, WordLevel"),
        };
    }

    /// <summary>Files from before the type was written.</summary>
    private static string Guess(JsonSections sections)
    {
        if (sections.Vocabulary.IsEmpty)
        {
            throw sections.ModelField("vocab").Refuse("a vocabulary");
        }

        return !sections.Merges.IsEmpty ? "BPE"
            : sections.Vocabulary[0] == '[' ? "Unigram"
            : !sections.ModelField("continuing_subword_prefix").IsNull ? "WordPiece" : "WordLevel";
    }

    // It is put to every piece, so its length counts as often as there are pieces.
    private static string? Affix(JsonPart part)
        => part.IsNull ? null : part.Text() is { Length: <= LongestAffix } text ? text : throw part.Refuse($"a string of at most {LongestAffix} UTF-16 units");

    private static BpeModel ReadBpe(JsonSections sections)
    {
        string? prefix = Affix(sections.ModelField("continuing_subword_prefix"));
        Vocabulary vocabulary = ReadVocabulary(sections);
        MergeTable merges = TableReader.ReadMerges(sections.File, sections.Merges, vocabulary, prefix is null ? 0 : CodePoints.Utf8(prefix).Length);
        return new BpeModel(vocabulary, merges, new BpeOptions(
            sections.File,
            sections.ModelField("unk_token").IsNull ? null : sections.ModelField("unk_token").Text(),
            prefix,
            Affix(sections.ModelField("end_of_word_suffix")),
            sections.ModelField("fuse_unk").Flag(false),
            sections.ModelField("byte_fallback").Flag(false),
            sections.ModelField("ignore_merges").Flag(false)));
    }

    private static UnigramModel ReadUnigram(JsonSections sections)
    {
        (Vocabulary vocabulary, double[] scores) = TableReader.ReadScored(sections.File, sections.Vocabulary);
        int unknown = sections.ModelField("unk_id").IsNull ? -1 : sections.ModelField("unk_id").Integer(0, Math.Max(scores.Length - 1, 0));
        return new UnigramModel(
            sections.File, vocabulary, scores, scores.Length == 0 ? 0 : scores.Min(), unknown, sections.ModelField("byte_fallback").Flag(false));
    }

    private static Vocabulary ReadVocabulary(JsonSections sections) => TableReader.ReadVocabulary(sections.File, "model.vocab", sections.Vocabulary);
}
