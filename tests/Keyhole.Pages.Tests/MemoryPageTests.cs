using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>A memory's page, used as a person would.</summary>
public class MemoryPageTests(PageFixture pages)
{
    private const string Coloured = ".trigger-list .tk.pos";

    [Theory]
    [InlineData("memory-light", 1280, 900, false)]
    [InlineData("memory-dark", 1280, 900, true)]
    [InlineData("memory-phone", 390, 844, false)]
    [InlineData("memory-phone-dark", 390, 844, true)]
    public async Task It_is_shown_with_colours(string picture, int width, int height, bool dark)
    {
        await using OpenPage open = await pages.Open("/L7N17?own=The%20first%20season%20of%20the%20club%20began%20in%20October%20.", width, height, dark);
        Assert.Equal("L7N17 · Keyhole", await open.Page.TitleAsync());
        await open.Page.Locator(Coloured).First.WaitForAsync();
        await open.Page.Locator(".near-list a").First.WaitForAsync();
        await open.Page.Locator(".percentile").First.WaitForAsync();
        await open.Page.Locator(".own-output .tk-line").WaitForAsync();
        await open.Picture(picture);
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Temporary()
    {
        string? study = Environment.GetEnvironmentVariable("TMP_STUDY");
        Assert.SkipWhen(study is null, "no");
        var server = await (await pages.Served).Serve(study, o => o with { Model = Environment.GetEnvironmentVariable("TMP_MODEL") });
        await server.Models.Loaded;
        foreach (string id in Environment.GetEnvironmentVariable("TMP_IDS")!.Split(' '))
        {
            await using OpenPage open = await pages.Open("/" + id, server: server);
            await open.Page.Locator(".near-list a").First.WaitForAsync();
            await open.Page.Locator(".controls summary").ClickAsync();
            await open.Page.Locator(".controls .trigger-list").First.WaitForAsync();
            await open.Picture("tmp-" + id.Split('?')[0]);
            await open.Page.Locator(".choice").First.Locator("label").Nth(1).ClickAsync();
            await open.Page.Locator(".tk.neg").First.WaitForAsync();
            await open.Page.WaitForTimeoutAsync(2000);
            await open.Picture("tmp-neg-" + id.Split('?')[0]);
            open.ComplainedOfNothing();
        }
    }

    [Fact]
    public async Task Gated()
    {
        var served = await pages.Served;
        (string study, string model) = Keyhole.TestSupport.Web.GatedStudy.Make(served);
        var server = await served.Serve(study, o => o with { Model = model });
        await using OpenPage open = await pages.Open("/L1N3?context=all", server: server);
        await open.Page.Locator(".near-list a").First.WaitForAsync();
        await open.Picture("memory-gated");
        open.ComplainedOfNothing();
    }
}
