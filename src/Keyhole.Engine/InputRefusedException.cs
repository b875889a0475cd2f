namespace Keyhole.Engine;

/// <summary>An input (model, tokenizer, corpus, study) that cannot be used: the command exits with 3.</summary>
/// <remarks>
/// The message is one or two sentences: the file, the field or tensor, what was found, what was expected, and what to do.
/// Codes stand in docs/errors.md: KH1xxx checkpoints, KH2xxx tokenizers, KH3xxx models, KH4xxx corpora, KH5xxx mining and studies.
/// </remarks>
public sealed class InputRefusedException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">Stable code, such as <c>KH1003</c>.</param>
    /// <param name="message">The sentence shown to the user.</param>
    /// <param name="innerException">The cause, shown only with <c>--verbose</c>.</param>
    public InputRefusedException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Stable code, such as <c>KH1003</c>.</summary>
    public string Code { get; }
}
