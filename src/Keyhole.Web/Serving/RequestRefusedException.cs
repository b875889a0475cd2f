namespace Keyhole.Web.Serving;

/// <summary>A request that is not carried out: the answer has this status, and the code and sentence as JSON.</summary>
/// <param name="status">HTTP status, 400 to 599.</param>
/// <param name="code">Stable code, such as <c>KH7002</c> (docs/errors/web.md).</param>
/// <param name="sentence">What is wrong and what would be right; may be shown to anyone.</param>
internal sealed class RequestRefusedException(int status, string code, string sentence) : Exception(sentence)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Stable code.</summary>
    public string Code { get; } = code;
}
