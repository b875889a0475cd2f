namespace Keyhole.Web.Serving;

/// <summary>A file of the pages, as it is served.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="Type">Content type.</param>
/// <param name="Tag">Entity tag: a hash of the bytes.</param>
internal sealed record PageFile(byte[] Content, string Type, string Tag);
