using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>Answers that a browser keeps and asks whether they are still right.</summary>
internal static class TaggedAnswer
{
    /// <summary>Marks the answer, and says whether the browser has it already: then it is "not modified", without a body.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tag">The content's tag, in quotes.</param>
    public static bool IsKnown(HttpContext context, string tag)
    {
        context.Response.Headers.ETag = tag;
        context.Response.Headers.CacheControl = "no-cache";
        return context.Request.Headers.IfNoneMatch == tag;
    }
}
