using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>Where others can reach the server: only who opened it by the link with the token, once, gets anything.</summary>
/// <param name="next">What comes after.</param>
/// <param name="token">The token.</param>
internal sealed class AccessToken(RequestDelegate next, string token)
{
    private const string Field = "token";
    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    /// <summary>A new token of 128 random bits.</summary>
    public static string Make() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public Task InvokeAsync(HttpContext context)
    {
        string cookie = string.Create(CultureInfo.InvariantCulture, $"keyhole-{context.Connection.LocalPort}");   // ports share cookies
        if (HttpMethods.IsGet(context.Request.Method) && Fits(context.Request.Query[Field]))
        {
            // The token leaves the address, so that it is neither seen nor copied along.
            context.Response.Cookies.Append(cookie, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            QueryString rest = QueryString.Create(context.Request.Query.Where(field => field.Key != Field));
            context.Response.Headers.Location = context.Request.Path.ToUriComponent() is ['/', not '/' and not '\\', ..] path ? path + rest : "/" + rest;
            return Task.CompletedTask;
        }

        return Fits(context.Request.Cookies[cookie])
            ? next(context)
            : ErrorAnswers.Write(context, StatusCodes.Status401Unauthorized, "KH7006", "This server is reachable by others and asks for its token: open it by the whole link that 'keyhole serve' prints.");
    }

    private bool Fits(string? given) => given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);
}
