using Keyhole.Web.Serving;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>Labels on a memory's page, and in search.</summary>
public class LabelTests(PageFixture pages)
{
    private const string Words = "words of <b>weather</b>";

    [Fact]
    public async Task A_label_is_given_found_and_taken_away()
    {
        pages.RequireBrowser();
        WebServer server = await (await pages.Served).Serve((await pages.Served).Copy("labels.study"));
        await using OpenPage open = await pages.Open("/L3N12", server: server);
        await open.Page.GetByText("Add a label").ClickAsync();
        await open.Page.GetByLabel("Your name").FillAsync("Ada");
        await open.Page.GetByLabel("What it stands for").FillAsync(Words);
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Add the label" }).ClickAsync();
        await Assertions.Expect(open.Page.Locator(".label-list li")).ToContainTextAsync(Words);
        await open.Page.ReloadAsync();
        await open.Shown();
        await Assertions.Expect(open.Page.Locator(".label-list li")).ToContainTextAsync("semantic, by Ada");
        await open.Picture("memory-label");

        await open.Go("/search?q=weather&in=labels");
        ILocator found = open.Page.Locator("[aria-label='Labelled'] a.result");
        await Assertions.Expect(found).ToContainTextAsync(Words);
        Assert.Equal("weather", await found.Locator("mark").InnerTextAsync());
        await open.Picture("search-labels");
        await found.ClickAsync();
        await open.Page.WaitForURLAsync("**/L3N12");
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Remove the label " + Words }).ClickAsync();
        await Assertions.Expect(open.Page.Locator(".labels")).ToContainTextAsync("Nobody has given");
        open.ComplainedOfNothing();
    }
}
