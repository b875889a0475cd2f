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
}
