using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>The query fields that an endpoint knows; a request with another one is refused, as a misspelt field would silently ask for something else.</summary>
/// <param name="Names">Their names.</param>
internal sealed record QueryFields(IReadOnlyCollection<string> Names)
{
    /// <summary>Refuses requests with fields that their endpoint does not know.</summary>
    public static Task Check(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is { } endpoint && context.Request.Path.StartsWithSegments("/api") && context.Request.Query.Count > 0)
        {
            IReadOnlyCollection<string> known = endpoint.Metadata.GetMetadata<QueryFields>()?.Names ?? [];
            if (context.Request.Query.FirstOrDefault(field => !known.Contains(field.Key) || field.Value.Count > 1) is { Key: { } other })
            {
                bool twice = known.Contains(other);
                throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7004", twice
                    ? $"The field '{other}' is given more than once."
                    : $"There is no field of this name here{(known.Count > 0 ? $"; there are: {string.Join(", ", known)}" : "")}.");
            }
        }

        return next(context);
    }
}

/// <summary>Declares an endpoint's query fields.</summary>
internal static class QueryFieldsExtension
{
    /// <summary>The query fields that the endpoint knows, each at most once.</summary>
    public static RouteHandlerBuilder WithQuery(this RouteHandlerBuilder endpoint, params string[] names) => endpoint.WithMetadata(new QueryFields(names));
}
