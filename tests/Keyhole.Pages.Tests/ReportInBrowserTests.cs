using Keyhole.Reports.Contents;
using Keyhole.Reports.Figures;
using Keyhole.Reports.Pages;
using Keyhole.Tests.Reports;
using Keyhole.Tests.Studies;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>The report in Debian's chromium, from a file, as a user opens it.</summary>
public sealed class ReportInBrowserTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const float Patience = 120_000; // on a busy machine
    private readonly SampleStudy _sample = new();
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    public void Dispose() => _sample.Dispose();

    [Theory]
    [InlineData(1280, 900)]
    [InlineData(390, 844)]
    public async Task Every_figure_draws_without_a_complaint_or_a_request(int width, int height)
    {
        ReportModel report = SyntheticReport.Full(_sample);
        var figures = ReportFigures.Of(report);
        IPage page = await Open(report, figures, width, height);

        foreach (Figure figure in figures)
        {
            ILocator drawing = page.Locator($"[data-figure='{figure.Key}'] svg.marks");
            Assert.Equal(1, await drawing.CountAsync());
            Assert.True(await drawing.Locator(".role-mark path, .role-mark line, .role-mark text").CountAsync() > 0, $"{figure.Key} has no mark");
            LocatorBoundingBoxResult box = (await drawing.BoundingBoxAsync())!;
            Assert.True(box.Width > 100 && box.Height > 60 && box.X >= 0 && box.X + box.Width <= width + 1, $"{figure.Key}: {box.X} {box.Width} {box.Height}");
        }

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page scrolls sideways");
        Assert.Empty(_complaints);
        string address = Assert.Single(_requests);
        Assert.StartsWith("file:", address, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_text_runs_nothing()
    {
        ReportModel report = SyntheticReport.Full(_sample);
        IPage page = await Open(report, ReportFigures.Of(report), 1280, 900);
        Assert.EndsWith("Keyhole report", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("img").CountAsync());
        Assert.Contains(SyntheticReport.Hostile[..20], await page.Locator("#table-1").InnerTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paper_shows_what_is_folded()
    {
        ReportModel report = SyntheticReport.Full(_sample);
        IPage page = await Open(report, ReportFigures.Of(report), 1280, 900);
        Assert.False(await page.Locator("details.memory .triggers").First.IsVisibleAsync());
        await page.EvaluateAsync("window.dispatchEvent(new Event('beforeprint'))");
        Assert.True(await page.Locator("details.memory .triggers").First.IsVisibleAsync());
        await page.EvaluateAsync("window.dispatchEvent(new Event('afterprint'))");
        Assert.False(await page.Locator("details.memory .triggers").First.IsVisibleAsync());
    }

    [Fact]
    public async Task A_report_of_values_alone_opens_too()
    {
        ReportModel report = SyntheticReport.ValuesOnly(_sample);
        IPage page = await Open(report, ReportFigures.Of(report), 390, 844);
        Assert.Contains("was not analysed", await page.Locator("#fig-3").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(_complaints);
    }

    private async Task<IPage> Open(ReportModel report, IReadOnlyList<Figure> figures, int width, int height)
    {
        string path = _sample.PathOf("report.html");
        await File.WriteAllTextAsync(path, ReportPage.Render(report, [.. figures]), TestContext.Current.CancellationToken);
        IPage page = await browser.Require().NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = height } });
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, request) => _requests.Add(request.Url);
        await page.GotoAsync(new Uri(path).AbsoluteUri, new PageGotoOptions { Timeout = Patience });
        await page.WaitForFunctionAsync("document.documentElement.dataset.figures", null, new PageWaitForFunctionOptions { Timeout = Patience });
        Assert.Equal("drawn", await page.EvaluateAsync<string>("document.documentElement.dataset.figures"));
        return page;
    }
}
