using System.Text.RegularExpressions;
using Keyhole.Search;
using Keyhole.Studies;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>The search page, used as a person would.</summary>
public class SearchPageTests(PageFixture pages)
{
    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(1280, 900, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task Results_come_while_one_types(int width, int height, bool dark)
    {
        using Study study = Study.Open((await pages.Served).Study);
        SearchResult expected = StudySearch.Run(study, new SearchOptions { Query = "the" }, cancellation: TestContext.Current.CancellationToken);
        await using OpenPage open = await pages.Open("/search", width, height, dark);
        await Assertions.Expect(open.Page.Locator("#search-q")).ToBeFocusedAsync();
        await open.Page.Keyboard.TypeAsync("the");
        await Assertions.Expect(open.Page.Locator(".search-status")).ToContainTextAsync($"{expected.TriggersCount:N0} fire there");
        Assert.EndsWith("/search?q=the", open.Page.Url, StringComparison.Ordinal);
        Assert.Equal(expected.Promoting[0].Id.ToString(), await open.Page.Locator(".result-name").First.InnerTextAsync());
        Assert.Equal(Math.Min(20, expected.TriggersCount), await open.Page.Locator(".result.wide").CountAsync());
        Assert.Equal("the", (await open.Page.Locator(".result.wide mark").First.InnerTextAsync()).ToLowerInvariant());
        await open.Picture($"search-{width}{(dark ? "-dark" : "")}");
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Arrows_walk_through_results_and_Enter_opens()
    {
        await using OpenPage open = await pages.Open("/search?q=the");
        ILocator results = open.Page.Locator(".result");
        string second = (await results.Nth(1).Locator(".result-name").InnerTextAsync()).Split('\n')[0].Trim();
        await open.Page.Locator("#search-q").FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(results.Nth(0)).ToBeFocusedAsync();
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(results.Nth(1)).ToBeFocusedAsync();
        await open.Page.Keyboard.PressAsync("ArrowUp");
        await open.Page.Keyboard.PressAsync("ArrowUp");
        await Assertions.Expect(open.Page.Locator("#search-q")).ToBeFocusedAsync();
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await open.Page.Keyboard.PressAsync("ArrowDown");
        await open.Page.Keyboard.PressAsync("/");
        await Assertions.Expect(open.Page.Locator("#search-q")).ToBeFocusedAsync();
        await results.Nth(1).FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForURLAsync($"**/{second}");
        await open.Page.GoBackAsync();
        await Assertions.Expect(open.Page.Locator("#search-q")).ToHaveValueAsync("the");
        Assert.True(await results.CountAsync() > 5);
    }

    [Fact]
    public async Task More_places_patterns_and_layers_narrow_and_widen()
    {
        await using OpenPage open = await pages.Open("/search?q=the");
        ILocator wide = open.Page.Locator(".result.wide");
        await open.Page.Locator(".result-group").Last.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Show more") }).ClickAsync();
        await Assertions.Expect(wide).ToHaveCountAsync(100);
        await open.Page.GetByRole(AriaRole.Radio, new() { Name = "values" }).ClickAsync();
        await Assertions.Expect(wide).ToHaveCountAsync(0);
        await open.Page.WaitForURLAsync("**/search?q=the&in=values");
        await open.Page.GetByRole(AriaRole.Radio, new() { Name = "everything" }).ClickAsync();
        await open.Page.GetByText("Pattern, target, layers").ClickAsync();
        await open.Page.GetByLabel("Layers").FillAsync("2");
        await Assertions.Expect(open.Page.Locator(".result-name").First).ToHaveTextAsync(new Regex("^L2N"));
        await open.Page.GetByLabel("Pattern").FillAsync("(");
        await Assertions.Expect(open.Page.Locator(".search-status .error")).ToContainTextAsync("no regular expression");
        await open.Page.GetByLabel("Pattern").FillAsync("the$");
        await Assertions.Expect(wide.First).ToBeVisibleAsync();
        Assert.Equal(0, await open.Page.Locator(".result-list.values").CountAsync());
        await open.Picture("search-pattern");
        Assert.DoesNotContain(open.Complaints, complaint => !complaint.Contains("422", StringComparison.Ordinal));   // what chromium says of a refused pattern
    }

    [Fact]
    public async Task A_search_that_is_overtaken_does_not_show()
    {
        await using OpenPage open = await pages.Open("/search");
        await open.Page.RouteAsync("**/api/search?q=the&*", async route =>
        {
            await Task.Delay(1500, TestContext.Current.CancellationToken);
            await route.ContinueAsync();
        });
        await open.Page.Keyboard.TypeAsync("the");
        await open.Page.WaitForTimeoutAsync(400);
        await Assertions.Expect(open.Page.Locator(".search-status")).ToHaveTextAsync("Searching …");
        await open.Page.Locator("#search-q").FillAsync("zzzzzz");
        await Assertions.Expect(open.Page.Locator(".search-status")).ToContainTextAsync("0 fire there");
        await open.Page.WaitForTimeoutAsync(2000);
        await Assertions.Expect(open.Page.Locator(".search-status")).ToContainTextAsync("0 fire there");
    }

    [Fact]
    public async Task What_is_typed_stays_text()
    {
        await using OpenPage open = await pages.Open("/search?q=%3Cimg%20src%3Dx%20onerror%3D%22window.hit%3D1%22%3E");
        await Assertions.Expect(open.Page.Locator(".search-status")).ToContainTextAsync("fire there");
        Assert.Equal(0, await open.Page.Locator("main img").CountAsync());
        Assert.True(await open.Page.EvaluateAsync<bool>("window.hit === undefined"));
        open.ComplainedOfNothing();
    }
}
