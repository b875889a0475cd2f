using System.Text.Json;
using System.Text.Json.Nodes;
using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>Small tokenizer.json files, made of parts.</summary>
internal static class SmallTokenizers
{
    public const string ByteLevelDecoder = """{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""";

    /// <summary>The 256 stand-ins of bytes in GPT-2's order of ids, then what merges make.</summary>
    public static string ByteLevelModel(string[] merges, string options = "")
    {
        var pieces = new List<string>();
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            pieces.Add(((char)(printable ? value : next++)).ToString());
        }

        pieces.AddRange(merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)).Where(piece => !pieces.Contains(piece)).Distinct().ToArray());
        return Bpe([.. pieces], merges, options);
    }

    /// <summary>A BPE model whose ids are the places in <paramref name="pieces"/>.</summary>
    public static string Bpe(string[] pieces, string[] merges, string options = "") =>
        $$"""{"type":"BPE",{{options}}"vocab":{{Vocabulary(pieces)}},"merges":{{JsonSerializer.Serialize(merges)}}}""";

    public static string Vocabulary(params string[] pieces)
    {
        var vocabulary = new JsonObject();
        for (int id = 0; id < pieces.Length; id++)
        {
            vocabulary[pieces[id]] = id;
        }

        return vocabulary.ToJsonString();
    }

    /// <summary>A word-level model of just these words, with the first as the unknown one.</summary>
    public static string Words(params string[] words) => $$"""{"type":"WordLevel","unk_token":"{{words[0]}}","vocab":{{Vocabulary(words)}}}""";

    public static string Json(
        string model, string normalizer = "null", string preTokenizer = "null", string postProcessor = "null", string decoder = "null", string addedTokens = "[]") =>
        $$"""{"version":"1.0","truncation":null,"padding":null,"added_tokens":{{addedTokens}},"normalizer":{{normalizer}},"pre_tokenizer":{{preTokenizer}},"post_processor":{{postProcessor}},"decoder":{{decoder}},"model":{{model}}}""";

    public static Tokenizer Load(
        string model, string normalizer = "null", string preTokenizer = "null", string postProcessor = "null", string decoder = "null", string addedTokens = "[]") =>
        LoadJson(Json(model, normalizer, preTokenizer, postProcessor, decoder, addedTokens));

    public static Tokenizer LoadJson(string json)
    {
        using var folder = new TemporaryFolder();
        return TokenizerLoader.Load(folder.Write("tokenizer.json", json));
    }

    public static string Added(string content, int id, string options = "") =>
        $$"""{"id":{{id}},"content":{{JsonSerializer.Serialize(content)}},"special":true,"normalized":false{{options}}}""";

    /// <summary>Pieces with their places, such as <c>Ġa(0-2)</c>.</summary>
    public static string Show(Tokenizer tokenizer, string text, bool addSpecialTokens = true)
    {
        Encoding encoding = tokenizer.Encode(text, addSpecialTokens);
        return string.Join(' ', encoding.Ids.Zip(encoding.Offsets, (id, offset) => $"{tokenizer.Piece(id)}({offset.Start}-{offset.End})"));
    }

    /// <summary>The words that a pre-tokenizer makes of a text, with their places.</summary>
    public static string ShowWords(string preTokenizer, string text, string normalizer = "null")
    {
        Tokenizer tokenizer = Load(Words("?"), normalizer, preTokenizer);
        int[] starts = [.. CharacterStarts(text)];
        return string.Join('|', tokenizer.Encode(text).Offsets.Select(offset => text[starts[offset.Start]..starts[offset.End]]));
    }

    private static IEnumerable<int> CharacterStarts(string text)
    {
        int start = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            yield return start;
            start += rune.Utf16SequenceLength;
        }

        yield return start;
    }
}
