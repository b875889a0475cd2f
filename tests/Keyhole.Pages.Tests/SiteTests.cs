using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport.Web;
using Keyhole.Web.Site;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>A static site, opened from the disk.</summary>
public class SiteTests(PageFixture pages)
{
    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(390, 844, true)]
    public async Task A_site_works_from_a_disk(int width, int height, bool dark)
    {
        pages.RequireBrowser();
        ServedStudy served = await pages.Served;
        string folder = served.PathOf($"site-{width}");
        using (Study study = Study.Open(served.Study))
        {
            SiteExport.Write(study, "mini.study", folder, new ExportOptions
            {
                Selection = new ExportSelection { Neurons = new HashSet<NeuronId> { new(3, 12), new(0, 7), new(9, 17) } },
                Model = ServedStudy.Model,
            }, TestContext.Current.CancellationToken);
        }

        await using OpenPage open = await pages.Open(new Uri(Path.Combine(folder, "index.html")).AbsoluteUri, width, height, dark);
        Assert.Equal(3, await open.Page.Locator(".site-memories tbody tr").CountAsync());
        await open.Picture($"site-index-{width}");
        await open.Page.GetByLabel("Find a memory").FillAsync("l3n12");
        Assert.Equal(1, await open.Page.Locator(".site-memories tbody tr").CountAsync());
        await open.Page.GetByRole(AriaRole.Link, new() { Name = "L3N12" }).ClickAsync();
        await open.Shown();
        Assert.EndsWith("L3N12.html", open.Page.Url, StringComparison.Ordinal);
        string[] backgrounds = await open.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.trigger-list bdi, .trigger-list span')].map(token => getComputedStyle(token).backgroundColor)");
        Assert.True(backgrounds.Distinct().Count() > 2, "no token is coloured");
        await open.Picture($"site-memory-{width}");
        await open.Page.Locator(".turn a[rel='next']").ClickAsync();
        await open.Shown();
        Assert.EndsWith("L9N17.html", open.Page.Url, StringComparison.Ordinal);
        await open.Page.GetByRole(AriaRole.Link, new() { Name = "All memories" }).ClickAsync();
        await open.Shown();
        open.ComplainedOfNothing();
    }
}
