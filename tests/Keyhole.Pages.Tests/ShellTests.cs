using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>What all pages have: the line above them, colours, back and forward, errors as sentences.</summary>
public class ShellTests(PageFixture pages)
{
    [Fact]
    public async Task Colours_follow_the_system_or_the_reader()
    {
        await using OpenPage open = await pages.Open("/", dark: true);
        string Colour(string element) => $"getComputedStyle(document.querySelector('{element}')).backgroundColor";
        string dark = await open.Page.EvaluateAsync<string>(Colour("body"));
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Colours: as the system" }).ClickAsync();
        string light = await open.Page.EvaluateAsync<string>(Colour("body"));
        Assert.NotEqual(dark, light);
        await open.Page.ReloadAsync();
        await open.Shown();
        Assert.Equal(light, await open.Page.EvaluateAsync<string>(Colour("body")));
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Back_goes_back()
    {
        await using OpenPage open = await pages.Open("/");
        Assert.Contains("Overview", await open.Page.TitleAsync(), StringComparison.Ordinal);
        await open.Page.EvaluateAsync("window.mark = 1");
        await open.Page.GetByRole(AriaRole.Link, new() { Name = "Prompt" }).ClickAsync();
        await open.Page.WaitForURLAsync("**/prompt");
        await open.Shown();
        await open.Page.GoBackAsync();
        await Assertions.Expect(open.Page).ToHaveTitleAsync(new Regex("^Overview"));
        Assert.Equal(1, await open.Page.EvaluateAsync<int>("window.mark"));   // no page was loaded anew
    }

    [Fact]
    public async Task An_unknown_address_says_so()
    {
        await using OpenPage open = await pages.Open("/L1N2");
        await open.Go("/nowhere");
        Assert.Contains("There is no such page", await open.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        await open.Page.GetByRole(AriaRole.Textbox, new() { Name = "Go to a memory" }).FillAsync("k^2_31");
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForURLAsync("**/L1N31");
        await open.Page.Keyboard.PressAsync("/");
        await open.Page.Keyboard.TypeAsync("in the");
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForURLAsync("**/search?q=in+the");
    }
}
