using System.Text.Json;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Normalizers;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads <c>tokenizer.json</c> as the tokenizers library (0.23) does. Its truncation and padding sections are not used.</summary>
internal static class TokenizerJson
{
    private const long LargestFile = 512L << 20;

    /// <summary>The tokenizer of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="special">Special tokens named by the files beside it.</param>
    public static Tokenizer Load(string path, SpecialNames special)
    {
        byte[] json = TokenFiles.ReadJson(path, LargestFile);
        JsonSections sections = JsonSections.Read(path, json);
        IModel model = ModelReader.Read(sections);
        INormalizer? normalizer = NormalizerReader.Read(sections.Section("normalizer"));
        AddedVocabulary added = ReadAdded(sections.Section("added_tokens"), model.Vocabulary, normalizer);
        var parts = new TokenizerParts(path, model, added)
        {
            Normalizer = normalizer,
            PreTokenizer = PreTokenizerReader.Read(sections.Section("pre_tokenizer")),
            PostSteps = PostProcessorReader.Read(sections.Section("post_processor")),
            Decoder = DecoderReader.Read(sections.Section("decoder")),
        };
        return new PipelineTokenizer(parts with { Special = special.Resolve(parts) });
    }

    /// <summary>Added tokens. One that is in the model's vocabulary has its id there; the others are numbered from its end on in the order of the file: that is the library's rule, which overrides the file's own ids.</summary>
    private static AddedVocabulary ReadAdded(JsonPart section, Vocabulary vocabulary, INormalizer? normalizer)
    {
        var tokens = new List<AddedToken>();
        if (!section.IsNull)
        {
            var ids = new Dictionary<string, int>(StringComparer.Ordinal);
            int largest = -1;
            foreach (JsonPart item in section.Items())
            {
                string content = item["content"].Text();
                if (content.Length == 0)
                {
                    continue;
                }

                int known = ids.TryGetValue(content, out int earlier) ? earlier : vocabulary.Find(content);
                int id = known >= 0 ? known : Math.Max(largest + 1, vocabulary.Count);
                largest = Math.Max(largest, id);
                ids[content] = id;
                tokens.Add(new AddedToken(
                    content, id, item["single_word"].Flag(false), item["lstrip"].Flag(false), item["rstrip"].Flag(false),
                    item["normalized"].Flag(true), item["special"].Flag(false)));
            }
        }

        return new AddedVocabulary(tokens, normalizer);
    }
}
