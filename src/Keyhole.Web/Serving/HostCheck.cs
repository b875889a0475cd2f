using System.Net;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>
/// Refuses requests that name another host than this server, and such that another site's page sends: a page of the web whose name is made to resolve to this machine
/// (DNS rebinding) reads and changes nothing.
/// </summary>
/// <param name="next">What comes after.</param>
/// <param name="listening">The address that is listened on.</param>
internal sealed class HostCheck(RequestDelegate next, IPAddress listening)
{
    private readonly bool _anyAddress = listening.Equals(IPAddress.Any) || listening.Equals(IPAddress.IPv6Any);

    public Task InvokeAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        int port = context.Connection.LocalPort;
        if (!IsOurs(request.Host, port))
        {
            return ErrorAnswers.Write(context, StatusCodes.Status421MisdirectedRequest, "KH7002", "The request names a host that this server is not: open it by the link that 'keyhole serve' prints.");
        }

        string? origin = request.Headers.Origin;
        bool foreign = origin is { Length: > 0 } && (!Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) || from.Scheme != "http" || !string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
        return foreign || request.Headers["Sec-Fetch-Site"] == "cross-site" && !HttpMethods.IsGet(request.Method)
            ? ErrorAnswers.Write(context, StatusCodes.Status403Forbidden, "KH7003", "The request comes from a page of another site.")
            : next(context);
    }

    private bool IsOurs(HostString host, int port)
    {
        if (!host.HasValue || (host.Port ?? 80) != port)
        {
            return false;
        }

        string name = host.Host.Trim('[', ']');
        if (IPAddress.TryParse(name, out IPAddress? address))
        {
            return IPAddress.IsLoopback(listening) ? IPAddress.IsLoopback(address) : _anyAddress || address.Equals(listening);
        }

        return string.Equals(name, "localhost", StringComparison.OrdinalIgnoreCase)
            || (!IPAddress.IsLoopback(listening) && string.Equals(name, Dns.GetHostName(), StringComparison.OrdinalIgnoreCase));
    }
}
