using System.Text.RegularExpressions;
using Keyhole.Memories;

namespace Keyhole.Web.Serving;

/// <summary>Addresses of pages: each gives the same HTML, and its scripts show the page that the address names (Pages/js/routes.js).</summary>
internal static partial class PageRoutes
{
    /// <summary>Whether the address is a page's.</summary>
    /// <param name="path">Such as <c>/L12N3456</c>.</param>
    public static bool Has(string path) => Fixed().IsMatch(path) || (Memory().IsMatch(path) && NeuronId.TryParse(path[1..], out _));

    [GeneratedRegex(@"^/(prompt|search|claims|annotate(/results|/sheet/[A-Za-z0-9_-]{1,64})?)?\z")]
    private static partial Regex Fixed();

    [GeneratedRegex(@"^/L[0-9]{1,6}(E[0-9]{1,6})?N[0-9]{1,9}\z")]
    private static partial Regex Memory();
}
