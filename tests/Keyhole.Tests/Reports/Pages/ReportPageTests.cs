using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Keyhole.Reports;
using Keyhole.Reports.Contents;
using Keyhole.Reports.Figures;
using Keyhole.Reports.Pages;
using Keyhole.Tests.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Reports.Pages;

public sealed partial class ReportPageTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Text_from_models_and_corpora_stays_text()
    {
        string page = Render(SyntheticReport.Full(_sample));
        string outside = Scripts().Replace(page, string.Empty);
        Assert.DoesNotContain("<img", outside, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("onerror=\"", outside, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;/script&gt;&lt;img", outside, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', outside);
        // Five scripts and no more: the hostile texts inside the specifications end none of them.
        Assert.Equal(5, Scripts().Count(page));
        Assert.Equal(5, Regex.Count(page, "</script", RegexOptions.IgnoreCase));
    }

    [Fact]
    public void The_specifications_in_the_page_are_those_of_the_figures()
    {
        ReportModel report = SyntheticReport.Full(_sample);
        ImmutableArray<Figure> figures = ReportFigures.Of(report);
        using JsonDocument specs = JsonDocument.Parse(Scripts().Match(ReportPage.Render(report, figures)).Groups["body"].Value);
        Assert.Equal(figures.Select(figure => figure.Key), specs.RootElement.EnumerateObject().Select(spec => spec.Name));
        Assert.All(figures, figure => Assert.Equal(figure.Table.Rows.Count, specs.RootElement.GetProperty(figure.Key).GetProperty("data").GetProperty("values").GetArrayLength()));
    }

    [Fact]
    public void Tested_claims_stand_in_a_table_with_their_examples()
    {
        string page = Render(SyntheticReport.Full(_sample));
        string section = Regex.Match(page, "<section id=\"tested\">.*?</section>", RegexOptions.Singleline).Value;
        Assert.Equal(3, Regex.Count(section, "<tr><td>L1N2 −</td>"));
        Assert.Contains("80% (60% to 90%)", section, StringComparison.Ordinal);
        Assert.Contains(">sufficient<", section, StringComparison.Ordinal);
        Assert.Contains("chosen on one half of the texts", section, StringComparison.Ordinal);
        Assert.Equal(9, Regex.Count(section, "title=\"coefficient\""));
        Assert.Contains("No claim was tested", Render(SyntheticReport.ValuesOnly(_sample)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_allows_exactly_the_scripts_of_the_page()
    {
        string page = Render(SyntheticReport.Full(_sample));
        Assert.Contains("default-src &#39;none&#39;", page, StringComparison.Ordinal);
        foreach (Match script in Scripts().Matches(page).Skip(1))
        {
            string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script.Groups["body"].Value)));
            Assert.Contains($"sha256-{System.Net.WebUtility.HtmlEncode(hash)}", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_link_leads_to_a_part_of_the_page_and_every_part_has_one_name()
    {
        string page = Scripts().Replace(Render(SyntheticReport.Full(_sample)), string.Empty);
        string[] ids = [.. Regex.Matches(page, " id=\"([^\"]*)\"").Select(match => match.Groups[1].Value)];
        Assert.Distinct(ids);
        Assert.All(Regex.Matches(page, "href=\"([^\"]*)\""), match => Assert.True(match.Groups[1].Value == "data:," || ids.Contains(match.Groups[1].Value[1..]), match.Value));
        Assert.All(Enumerable.Range(3, 9), number => Assert.Contains($"fig-{number}", ids));
    }

    [Fact]
    public void A_missing_section_is_said_in_a_sentence()
    {
        string page = Render(SyntheticReport.ValuesOnly(_sample));
        Assert.Contains("Not in this study: the section &#39;mutations&#39; was not analysed.", page, StringComparison.Ordinal);
        Assert.Contains("id=\"fig-3\"", page, StringComparison.Ordinal);
        Assert.Contains("id=\"fig-11\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_content_gives_the_same_bytes()
    {
        ReportModel report = SyntheticReport.Full(_sample);
        Assert.Equal(Render(report), Render(report));
    }

    [Fact]
    public void Vendored_scripts_are_the_published_ones()
    {
        string folder = Path.Combine(SharedData.Repository, "src", "Keyhole", "Reports", "Vendor");
        string readme = File.ReadAllText(Path.Combine(folder, "README.md"));
        foreach ((string name, string version) in ((string, string)[])[("vega", VegaVersions.Vega), ("vega-lite", VegaVersions.VegaLite), ("vega-embed", VegaVersions.VegaEmbed)])
        {
            byte[] script = File.ReadAllBytes(Path.Combine(folder, name + ".min.js"));
            Assert.Matches($@"\| {name} \| {Regex.Escape(version)} \| .* \| `{Convert.ToHexStringLower(SHA256.HashData(script))}` \|", readme);
            Assert.Contains(version, Encoding.UTF8.GetString(script), StringComparison.Ordinal);
            Assert.DoesNotContain("sourceMappingURL", ReportResource.Vendored(name), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_template_fills_each_place_once_and_refuses_one_without_a_value()
    {
        var template = new HtmlTemplate("<p title=\"{{a}}\">{{b}}</p>");
        Assert.Equal("<p title=\"&quot;{{b}}\">&lt;&amp;</p>", template.Fill(("a", "\"{{b}}"), ("b", "<&")).ToString());
        Assert.Throws<ArgumentException>(() => template.Fill(("a", "x")));
    }

    private static string Render(ReportModel report) => ReportPage.Render(report, ReportFigures.Of(report));

    [GeneratedRegex(@"<script(?: [^>]*)?>(?<body>.*?)</script>", RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Scripts();
}
