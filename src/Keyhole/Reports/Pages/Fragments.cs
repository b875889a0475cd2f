namespace Keyhole.Reports.Pages;

/// <summary>The small templates that the parts of a report are made of.</summary>
internal sealed class Fragments
{
    private readonly IReadOnlyDictionary<string, HtmlTemplate> _templates = HtmlTemplate.Fragments(ReportResource.Text("fragments.html"));

    /// <summary>Fills a template.</summary>
    /// <param name="name">Its name in fragments.html.</param>
    /// <param name="values">What its places hold.</param>
    public Html Fill(string name, params ReadOnlySpan<(string Name, Html Value)> values) => _templates[name].Fill(values);

    /// <summary>A paragraph.</summary>
    public Html Paragraph(string text) => Fill("paragraph", ("text", text));

    /// <summary>A sentence about what is not there.</summary>
    public Html Absent(string sentence) => Fill("absent", ("sentence", sentence));
}
