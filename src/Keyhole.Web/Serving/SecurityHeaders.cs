using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>Headers of every answer: only the server's own scripts and styles run, no other page may frame or read it, no link tells where it came from.</summary>
/// <param name="next">What comes after.</param>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>What a page may load and do. Vega interprets its expressions, so that nothing needs <c>unsafe-eval</c>.</summary>
    public const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'none'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
        headers.CacheControl = "no-store";
        return next(context);
    }
}
