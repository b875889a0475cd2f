using Keyhole.Web.Annotating;
using Keyhole.Web.Memories;
using Keyhole.Web.Overview;
using Keyhole.Web.Prompts;
using Keyhole.Web.Searching;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Keyhole.Web.Serving;

/// <summary>All that the server answers: data under <c>/api</c>, pages and their files elsewhere.</summary>
internal static class Endpoints
{
    /// <summary>The OpenAPI document's address.</summary>
    public const string Document = "/api/openapi.json";

    /// <summary>Maps everything.</summary>
    public static void Map(WebApplication app)
    {
        RouteGroupBuilder api = app.MapGroup("/api");
        StudyEndpoints.Map(api);
        PromptEndpoints.Map(api);
        MemoryEndpoints.Map(api);
        FigureEndpoints.Map(api);
        ResultEndpoints.Map(api);
        LayerEndpoints.Map(api);
        SearchEndpoints.Map(api);
        AnnotationEndpoints.Map(api);
        app.MapOpenApi(Document);
        app.MapFallback("{*path}", Page).ExcludeFromDescription();
    }

    private static Task Page(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        if (path == "/api" || path.StartsWith("/api/", StringComparison.Ordinal))
        {
            throw new RequestRefusedException(StatusCodes.Status404NotFound, "KH7010", $"There is nothing at this address. What there is stands in {Document}.");
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            throw new RequestRefusedException(StatusCodes.Status405MethodNotAllowed, "KH7010", "Pages can only be read.");
        }

        if (PageFiles.Find(path) is { } file)
        {
            return PageFiles.Send(context, file);
        }

        return PageFiles.Send(context, PageFiles.Shell, PageRoutes.Has(path) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound);
    }
}
