using System.Text;

namespace Keyhole.Reports.Pages;

/// <summary>HTML with places <c>{{name}}</c>, filled in one pass, so that what fills one place is never read as another.</summary>
/// <param name="source">The template.</param>
internal sealed class HtmlTemplate(string source)
{
    private const string Mark = "<!-- fragment: ";

    /// <summary>The templates of a file, each begun by a comment with its name.</summary>
    /// <param name="source">The file.</param>
    public static IReadOnlyDictionary<string, HtmlTemplate> Fragments(string source)
        => source.Split(Mark, StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split(" -->\n", 2))
            .ToDictionary(part => part[0], part => new HtmlTemplate(part[1].TrimEnd('\n')), StringComparer.Ordinal);

    /// <summary>Fills every place.</summary>
    /// <exception cref="ArgumentException">A place has no value.</exception>
    public Html Fill(params ReadOnlySpan<(string Name, Html Value)> values)
    {
        var filled = new StringBuilder();
        int at = 0;
        for (int open = source.IndexOf("{{", StringComparison.Ordinal); open >= 0; open = source.IndexOf("{{", at, StringComparison.Ordinal))
        {
            int close = source.IndexOf("}}", open, StringComparison.Ordinal);
            string name = source[(open + 2)..close];
            filled.Append(source, at, open - at).Append(Find(values, name));
            at = close + 2;
        }

        return Html.Trusted(filled.Append(source, at, source.Length - at).ToString());
    }

    private static string Find(ReadOnlySpan<(string Name, Html Value)> values, string name)
    {
        foreach ((string candidate, Html value) in values)
        {
            if (candidate == name)
            {
                return value.ToString();
            }
        }

        throw new ArgumentException($"The template's place '{name}' has no value.", nameof(values));
    }
}
