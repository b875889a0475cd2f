using System.Reflection;

namespace Keyhole.Reports;

/// <summary>The templates, styles and scripts that are embedded in this assembly.</summary>
internal static class ReportResource
{
    /// <summary>A resource as text.</summary>
    /// <param name="name">Its path, such as <c>report.html</c> or <c>vendor/vega.min.js</c>.</param>
    public static string Text(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("reports/" + name)
            ?? throw new ArgumentException($"There is no resource {name}.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A script of the vendored ones, without the comment that names its source map, which is not there.</summary>
    /// <param name="name">Such as <c>vega</c>.</param>
    public static string Vendored(string name)
    {
        string script = Text($"vendor/{name}.min.js");
        int map = script.LastIndexOf("//# sourceMappingURL=", StringComparison.Ordinal);
        return map < 0 ? script : script[..map];
    }
}
