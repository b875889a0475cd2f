using System.Text;
using System.Text.Json;

namespace Keyhole.TestSupport;

/// <summary>A tokenizer.json of one token a byte: id 0 is &lt;s&gt;, id 1 &lt;/s&gt;, id b + 2 the byte b.</summary>
internal static class TinyTokenizer
{
    public const int Size = 258;

    /// <summary>Writes the file into a model's folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="bos">Whether a text begins with &lt;s&gt;.</param>
    /// <param name="eos">Whether it ends with &lt;/s&gt;.</param>
    /// <param name="more">Tokens beyond the bytes that some model may not have.</param>
    public static void Write(string folder, bool bos = true, bool eos = false, int more = 0)
    {
        var vocabulary = new Dictionary<string, int> { ["<s>"] = 0, ["</s>"] = 1 };
        foreach ((string piece, int value) in ByteAlphabet())
        {
            vocabulary[piece] = value + 2;
        }

        for (int i = 0; i < more; i++)
        {
            vocabulary["<more" + i + ">"] = Size + i;
        }

        object Special(string name) => new { SpecialToken = new { id = name, type_id = 0 } };
        object Named(string name) => new { id = name, ids = new[] { vocabulary[name] }, tokens = new[] { name } };
        object Added(string name) => new { id = vocabulary[name], content = name, single_word = false, lstrip = false, rstrip = false, normalized = false, special = true };
        object[] single = [.. bos ? [Special("<s>")] : Array.Empty<object>(), new { Sequence = new { id = "A", type_id = 0 } }, .. eos ? [Special("</s>")] : Array.Empty<object>()];
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), JsonSerializer.Serialize(new
        {
            version = "1.0",
            truncation = (object?)null,
            padding = (object?)null,
            added_tokens = (object[])[Added("<s>"), Added("</s>"), .. Enumerable.Range(0, more).Select(i => Added("<more" + i + ">"))],
            normalizer = (object?)null,
            pre_tokenizer = new { type = "ByteLevel", add_prefix_space = false, trim_offsets = true, use_regex = true },
            post_processor = new { type = "TemplateProcessing", single, pair = single, special_tokens = new Dictionary<string, object> { ["<s>"] = Named("<s>"), ["</s>"] = Named("</s>") } },
            decoder = new { type = "ByteLevel", add_prefix_space = true, trim_offsets = true, use_regex = true },
            model = new { type = "BPE", dropout = (object?)null, unk_token = (object?)null, continuing_subword_prefix = (object?)null, end_of_word_suffix = (object?)null, fuse_unk = false, vocab = vocabulary, merges = Array.Empty<string>() },
        }));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\"}");
    }

    // GPT-2's bytes_to_unicode: printable bytes stand for themselves, the others for U+0100 and on, in order.
    private static IEnumerable<(string Piece, int Value)> ByteAlphabet()
    {
        int next = 0x100;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is >= '!' and <= '~' or >= 0xA1 and <= 0xAC or >= 0xAE;
            yield return (new Rune(printable ? value : next++).ToString(), value);
        }
    }
}
