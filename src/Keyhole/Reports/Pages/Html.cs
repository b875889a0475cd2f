using System.Net;

namespace Keyhole.Reports.Pages;

/// <summary>A piece of HTML. Text becomes one only through escaping; markup comes from templates alone.</summary>
internal readonly struct Html
{
    private readonly string? _markup;

    private Html(string markup) => _markup = markup;

    /// <summary>Nothing.</summary>
    public static Html Empty => default;

    /// <summary>Whether there is nothing.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(_markup);

    /// <summary>Escapes a text for elements and quoted attributes.</summary>
    public static implicit operator Html(string text) => new(WebUtility.HtmlEncode(text));

    /// <summary>What is markup already: filled templates and embedded files.</summary>
    public static Html Trusted(string markup) => new(markup);

    /// <summary>Pieces one after the other.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces));

    /// <inheritdoc/>
    public override string ToString() => _markup ?? string.Empty;
}
