using Keyhole.Engine.Tokens.Gguf;

namespace Keyhole.Engine.Tokens;

/// <summary>Tokenizers from the metadata of GGUF files, as llama.cpp reads them.</summary>
public static class GgufTokenizer
{
    /// <summary>
    /// The tokenizer that <c>tokenizer.ggml.*</c> describes: <c>gpt2</c> (byte-level BPE, its splitting by <c>tokenizer.ggml.pre</c>),
    /// <c>llama</c> (SentencePiece BPE) or <c>t5</c> (unigram). Special tokens written in a text are read as such.
    /// </summary>
    /// <param name="metadata">Keys and values; numbers may be of any numeric type, arrays of strings or numbers.</param>
    /// <param name="source">Name of the file, for errors.</param>
    /// <exception cref="InputRefusedException">There is no vocabulary, or it is of a kind that is not known.</exception>
    public static Tokenizer FromMetadata(IReadOnlyDictionary<string, object> metadata, string source)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(source);
        var file = new GgufMetadata(metadata, source);
        string kind = file.Text("tokenizer.ggml.model") ?? throw file.Refuse("tokenizer.ggml.model", null, "the kind of vocabulary (gpt2, llama or t5)");
        return kind switch
        {
            "gpt2" => GgufVocabularies.Gpt2(file),
            "llama" => GgufVocabularies.Llama(file),
            "t5" => GgufVocabularies.T5(file),
            _ => throw TokenErrors.UnknownPart(source, "tokenizer.ggml.model", kind, "gpt2, llama, t5"),
        };
    }
}
