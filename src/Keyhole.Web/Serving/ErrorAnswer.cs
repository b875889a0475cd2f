namespace Keyhole.Web.Serving;

/// <summary>The body of every answer that is an error.</summary>
/// <param name="Error">What went wrong.</param>
public sealed record ErrorAnswer(ErrorDetail Error);

/// <summary>What went wrong.</summary>
/// <param name="Code">Stable code (docs/errors.md).</param>
/// <param name="Message">A sentence.</param>
public sealed record ErrorDetail(string Code, string Message);
