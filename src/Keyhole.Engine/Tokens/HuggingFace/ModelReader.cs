using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads the model section.</summary>
internal static class ModelReader
{
    public static IModel Read(JsonSections sections)
    {
        JsonPart model = sections.Model;
        string type = model["type"].IsNull ? Guess(sections) : model["type"].Text();
        return type switch
        {
            "BPE" => ReadBpe(sections),
            "Unigram" => ReadUnigram(sections),
            "WordPiece" => new WordPieceModel(
                sections.File, ReadVocabulary(sections), model["unk_token"].Text("[UNK]"), model["continuing_subword_prefix"].Text("##"),
                model["max_input_chars_per_word"].IsNull ? 100 : model["max_input_chars_per_word"].Integer()),
            "WordLevel" => new WordLevelModel(sections.File, ReadVocabulary(sections), model["unk_token"].Text("<unk>")),
            _ => throw TokenErrors.UnknownPart(sections.File, "model", type, "BPE, Unigram, WordPiece, WordLevel"),
        };
    }

    /// <summary>Files from before the type was written.</summary>
    private static string Guess(JsonSections sections)
    {
        if (sections.Vocabulary.IsEmpty)
        {
            throw sections.Model["vocab"].Refuse("a vocabulary");
        }

        return !sections.Merges.IsEmpty ? "BPE"
            : sections.Vocabulary[0] == '[' ? "Unigram"
            : !sections.Model["continuing_subword_prefix"].IsNull ? "WordPiece" : "WordLevel";
    }

    private static BpeModel ReadBpe(JsonSections sections)
    {
        JsonPart model = sections.Model;
        string? prefix = model["continuing_subword_prefix"].IsNull ? null : model["continuing_subword_prefix"].Text();
        Vocabulary vocabulary = ReadVocabulary(sections);
        MergeTable merges = TableReader.ReadMerges(sections.File, sections.Merges, vocabulary, prefix is null ? 0 : CodePoints.Utf8(prefix).Length);
        return new BpeModel(vocabulary, merges, new BpeOptions(
            sections.File,
            model["unk_token"].IsNull ? null : model["unk_token"].Text(),
            prefix,
            model["end_of_word_suffix"].IsNull ? null : model["end_of_word_suffix"].Text(),
            model["fuse_unk"].Flag(false),
            model["byte_fallback"].Flag(false),
            model["ignore_merges"].Flag(false)));
    }

    private static UnigramModel ReadUnigram(JsonSections sections)
    {
        JsonPart model = sections.Model;
        (Vocabulary vocabulary, double[] scores) = TableReader.ReadScored(sections.File, sections.Vocabulary);
        int unknown = model["unk_id"].IsNull ? -1 : model["unk_id"].Integer(0, Math.Max(scores.Length - 1, 0));
        return new UnigramModel(
            sections.File, vocabulary, scores, scores.Length == 0 ? 0 : scores.Min(), unknown, model["byte_fallback"].Flag(false));
    }

    private static Vocabulary ReadVocabulary(JsonSections sections) => TableReader.ReadVocabulary(sections.File, "model.vocab", sections.Vocabulary);
}
