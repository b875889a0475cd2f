using Microsoft.AspNetCore.Http.Metadata;

namespace Keyhole.Web.Annotating;

/// <summary>An endpoint's own limit for bodies.</summary>
/// <param name="bytes">Most bytes.</param>
internal sealed class BodyLimit(long bytes) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => bytes;
}
