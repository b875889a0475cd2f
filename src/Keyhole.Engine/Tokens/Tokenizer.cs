namespace Keyhole.Engine.Tokens;

/// <summary>Turns text into the token ids of one model and back. Instances are immutable and may be used from many threads at once.</summary>
public abstract class Tokenizer
{
    /// <summary>The kind of model behind the vocabulary: <c>bpe</c>, <c>unigram</c>, <c>wordpiece</c>, <c>wordlevel</c>, <c>sentencepiece-bpe</c>, ...</summary>
    public abstract string Kind { get; }

    /// <summary>Largest id + 1.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Id of the token that begins a text, where the files tell; else the one that the tokenizer itself puts first.</summary>
    public abstract int? BosId { get; }

    /// <summary>Id of the token that ends a text, where the files tell.</summary>
    public abstract int? EosId { get; }

    /// <summary>Id of the token for what the vocabulary cannot spell, where there is one.</summary>
    public abstract int? UnknownId { get; }

    /// <summary>Whether the tokenizer itself puts a special token first when special tokens are asked for.</summary>
    public abstract bool AddsBos { get; }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">Any text; a lone surrogate is read as U+FFFD.</param>
    /// <param name="addSpecialTokens">Whether the tokenizer's own special tokens (BOS, CLS, ...) are added.</param>
    public abstract Encoding Encode(string text, bool addSpecialTokens = true);

    /// <summary>Decodes ids to text. Bytes that are no UTF-8 become U+FFFD.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    /// <exception cref="InputRefusedException">An id is not in the vocabulary.</exception>
    public abstract string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = false);

    /// <summary>The vocabulary's own string of an id, not decoded (for example <c>Ġthe</c> or <c>▁the</c>).</summary>
    /// <exception cref="InputRefusedException">The id is not in the vocabulary.</exception>
    public abstract string Piece(int id);

    /// <summary>Id of a vocabulary string, or null.</summary>
    public abstract int? IdOf(string piece);

    /// <summary>Whether an id is a special (control) token.</summary>
    public abstract bool IsSpecial(int id);
}
