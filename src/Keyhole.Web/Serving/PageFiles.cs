using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Keyhole.Reports;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Serving;

/// <summary>The pages' files: resources of this assembly, and Vega from the report's. Only these paths exist; nothing of a disk is served.</summary>
internal static class PageFiles
{
    private const string Prefix = "pages/";
    private static readonly FrozenDictionary<string, PageFile> s_files = Load();

    /// <summary>The one HTML page, which scripts fill.</summary>
    public static PageFile Shell => s_files["/index.html"];

    /// <summary>Paths of all files, such as <c>/js/main.js</c>, in order.</summary>
    public static IEnumerable<string> Paths => s_files.Keys.Order(StringComparer.Ordinal);

    /// <summary>A file by its path; null where there is none.</summary>
    public static PageFile? Find(string path) => s_files.GetValueOrDefault(path);

    /// <summary>A text file's content.</summary>
    public static string Text(string path) => Encoding.UTF8.GetString(s_files[path].Content);

    /// <summary>Answers with a file, or with "not modified".</summary>
    public static async Task Send(HttpContext context, PageFile file, int status = StatusCodes.Status200OK)
    {
        context.Response.Headers.ETag = file.Tag;
        context.Response.Headers.CacheControl = "no-cache";
        if (status == StatusCodes.Status200OK && context.Request.Headers.IfNoneMatch == file.Tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.StatusCode = status;
        context.Response.ContentType = file.Type;
        context.Response.ContentLength = file.Content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(file.Content, context.RequestAborted);
        }
    }

    private static FrozenDictionary<string, PageFile> Load()
    {
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        Assembly assembly = Assembly.GetExecutingAssembly();
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(name)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            Add(name[(Prefix.Length - 1)..], content);
        }

        foreach (string script in (string[])["vega", "vega-lite", "vega-embed"])
        {
            Add($"/vendor/{script}.min.js", Encoding.UTF8.GetBytes(ReportResource.Vendored(script)));
        }

        return files.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string path, byte[] content) => files.Add(path, new PageFile(content, TypeOf(path), $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\""));
    }

    private static string TypeOf(string path) => Path.GetExtension(path) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        string other => throw new InvalidOperationException($"{path}: no content type for {other} files."),
    };
}
