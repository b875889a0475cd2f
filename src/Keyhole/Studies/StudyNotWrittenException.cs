namespace Keyhole.Studies;

/// <summary>A study or an export that could not be written (disk full, folder read-only): nothing half-written is left, and the command exits with 1.</summary>
public sealed class StudyNotWrittenException : IOException
{
    /// <summary>Creates the error.</summary>
    /// <param name="code">Stable code, such as <c>KH5112</c>.</param>
    /// <param name="message">The sentence shown to the user.</param>
    /// <param name="innerException">The cause, shown only with <c>--verbose</c>.</param>
    public StudyNotWrittenException(string code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Stable code, such as <c>KH5112</c>.</summary>
    public string Code { get; }
}
