namespace Keyhole.Engine.Tokens.Gguf;

/// <summary>What a name in <c>tokenizer.ggml.pre</c> stands for.</summary>
/// <param name="Names">The names.</param>
/// <param name="Expressions">Splits, one after the other; each match and what lies between matches is a piece.</param>
/// <param name="AddsBos">Whether BOS is added where the file does not say.</param>
/// <param name="IgnoresMerges">Whether a word that is a piece is taken as a whole.</param>
internal sealed record PreTokenizerKind(string[] Names, string[] Expressions, bool AddsBos = false, bool IgnoresMerges = false);
