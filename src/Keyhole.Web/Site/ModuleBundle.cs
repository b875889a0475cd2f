using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Keyhole.Web.Serving;

namespace Keyhole.Web.Site;

/// <summary>
/// Joins the pages' modules to one plain script: browsers load no module from a disk. Each module becomes a function's body that returns what the module exports; modules keep to
/// the style that this needs (docs/web.md), and a line that does not is an error, so that a test finds it.
/// </summary>
internal static partial class ModuleBundle
{
    /// <summary>A module and all that it imports, in order of need.</summary>
    /// <param name="entry">Path of the module, such as <c>/js/site.js</c>.</param>
    /// <exception cref="InvalidOperationException">A module imports itself in a circle, imports what is not there, or is not written in the style.</exception>
    public static string Of(string entry) => Of(entry, path => PageFiles.Find(path) is null ? throw new InvalidOperationException($"There is no module {path}.") : PageFiles.Text(path));

    /// <summary>The same over modules that come from elsewhere.</summary>
    public static string Of(string entry, Func<string, string> read)
    {
        var script = new StringBuilder("'use strict';\n(() => {\n");
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);   // null while a module is being joined
        Join(entry, read, names, script);
        return script.Append("})();\n").ToString();
    }

    private static string Join(string path, Func<string, string> read, Dictionary<string, string?> names, StringBuilder script)
    {
        if (names.TryGetValue(path, out string? known))
        {
            return known ?? throw new InvalidOperationException($"{path} imports itself in a circle.");
        }

        names.Add(path, null);
        var exports = new List<string>();
        var body = new StringBuilder();
        foreach (string line in read(path).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            if (Import().Match(line) is { Success: true } import)
            {
                string name = Join(Resolve(path, import.Groups["from"].Value), read, names, script);
                string parts = string.Join(", ", import.Groups["names"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part => Renamed().Replace(part, ": ")));
                body.Append(CultureInfo.InvariantCulture, $"const {{ {parts} }} = {name};\n");
            }
            else if (Export().Match(line) is { Success: true } export)
            {
                exports.Add(export.Groups["name"].Value);
                body.Append(line.AsSpan("export ".Length)).Append('\n');
            }
            else if (line.StartsWith("import", StringComparison.Ordinal) || line.StartsWith("export", StringComparison.Ordinal) || line.Contains("import(", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{path}: '{line}' is not written as modules of the pages are (docs/web.md).");
            }
            else
            {
                body.Append(line).Append('\n');
            }
        }

        string module = string.Create(CultureInfo.InvariantCulture, $"module{names.Count(named => named.Value is not null)}");
        script.Append(CultureInfo.InvariantCulture, $"// {path}\nconst {module} = (() => {{\n{body}return {{ {string.Join(", ", exports)} }};\n}})();\n");
        names[path] = module;
        return module;
    }

    private static string Resolve(string from, string import) => new Uri(new Uri("http://modules" + from), import).AbsolutePath;

    [GeneratedRegex(@"^import \{ (?<names>[\w$, ]+?),? \} from ""(?<from>\.[^""]+)"";\z")]
    private static partial Regex Import();

    [GeneratedRegex(@"^export (async function\*?|function\*?|const|class) (?<name>[\w$]+)")]
    private static partial Regex Export();

    [GeneratedRegex(@"\s+as\s+")]
    private static partial Regex Renamed();
}
