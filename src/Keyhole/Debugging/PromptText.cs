using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Prompts;

namespace Keyhole.Debugging;

/// <summary>A prompt as tokens, and the words that may follow it.</summary>
public sealed class PromptText
{
    private readonly Tokenizer _tokenizer;

    private PromptText(int[] ids, Tokenizer tokenizer) => (Ids, _tokenizer) = (ids, tokenizer);

    /// <summary>Token ids, BOS included where there is one; shape [T], at least one.</summary>
    public int[] Ids { get; }

    /// <summary>The tokens of a text. It goes on, so special tokens that the tokenizer puts behind a text are left out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="bos">Whether it begins with BOS; as the study's texts do.</param>
    /// <exception cref="InputRefusedException">KH7106: the text has no token; KH5004: BOS is wanted always, and the tokenizer names none.</exception>
    public static PromptText Of(string text, Tokenizer tokenizer, BosPolicy bos)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Of(PromptTokens.Begin(text, tokenizer, bos), tokenizer);
    }

    /// <summary>Tokens as they are.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="InputRefusedException">KH7106: there is none.</exception>
    public static PromptText Of(int[] ids, Tokenizer tokenizer)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(tokenizer);
        return ids.Length > 0
            ? new PromptText(ids, tokenizer)
            : throw new InputRefusedException("KH7106", "the prompt has no token in this model's vocabulary: type a text.");
    }

    /// <summary>
    /// The first token of a word that follows the prompt up to a position, and whether the word has more. It is read with a space before it, unless the prompt ends in white space, or the
    /// space would be a token of its own.
    /// </summary>
    /// <param name="position">The position that it follows.</param>
    /// <param name="word">The word; white space before it is not counted, unless there is nothing else.</param>
    /// <exception cref="InputRefusedException">KH7107: the word has no token.</exception>
    public (int Token, bool IsCut) TokenAfter(int position, string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        string prefix = _tokenizer.Decode(Ids.AsSpan(0, position + 1), skipSpecialTokens: true);
        string bare = word.TrimStart();
        int[] tokens = bare.Length == 0 || prefix.Length == 0 ? Encode(word) : PromptTokens.Continuation(prefix, bare, _tokenizer);
        if (bare.Length > 0 && tokens.Length > 1 && string.IsNullOrWhiteSpace(_tokenizer.Decode(tokens.AsSpan(0, 1))))
        {
            tokens = Encode(bare);
        }

        return tokens.Length > 0
            ? (tokens[0], tokens.Length > 1)
            : throw new InputRefusedException("KH7107", "the word to follow has no token in this model's vocabulary.");
    }

    private int[] Encode(string text) => _tokenizer.Encode(text, addSpecialTokens: false).Ids;
}
