using System.Text.RegularExpressions;
using Keyhole.TestSupport.Web;
using Keyhole.Web.Serving;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Keyhole.Pages.Tests;

/// <summary>A memory's page, used as a person would.</summary>
public class MemoryPageTests(PageFixture pages)
{
    private const string Texts = ".triggers .tk-text";

    [Theory]
    [InlineData("memory-light", 1280, 900, false)]
    [InlineData("memory-dark", 1280, 900, true)]
    [InlineData("memory-phone", 390, 844, false)]
    [InlineData("memory-phone-dark", 390, 844, true)]
    public async Task It_is_shown_with_colours(string picture, int width, int height, bool dark)
    {
        await using OpenPage open = await pages.Open("/L7N17?own=Do%20you%20think%20she%20will%20come%3F", width, height, dark);
        Assert.Equal("L7N17 · Keyhole", await open.Page.TitleAsync());
        await Everything(open);
        await Expect(open.Page.Locator("section.triggers .trigger-list > li")).ToHaveCountAsync(25);
        await Expect(open.Page.Locator(".own-output .tk-line")).ToContainTextAsync("Do you think she will come?");
        await open.Picture(picture);
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Colours_come_without_moving_a_text()
    {
        await using OpenPage open = await pages.Open("/L1N2");
        await open.Page.RouteAsync("**/coefficients", async route =>
        {
            await Task.Delay(1500);
            await route.ContinueAsync();
        });
        await open.Go("/L7N17");
        Assert.Equal(0, await open.Page.Locator($"{Texts} .tk.pos").CountAsync());
        const string Places = "JSON.stringify([...document.querySelectorAll('.triggers .tk-text')].map(e => { const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; }))";
        string before = await open.Page.EvaluateAsync<string>(Places);
        await open.Page.Locator($"{Texts} .tk.pos").First.WaitForAsync();
        await Expect(open.Page.Locator(".colouring")).ToHaveTextAsync(string.Empty);
        Assert.Equal(before, await open.Page.EvaluateAsync<string>(Places));
        ILocator fires = open.Page.Locator($"{Texts} .tk.fires").First;
        Assert.Matches(@"^\d", await fires.GetAttributeAsync("title") ?? "");
        Assert.NotEqual("rgba(0, 0, 0, 0)", await fires.EvaluateAsync<string>("e => getComputedStyle(e).backgroundColor"));
    }

    [Fact]
    public async Task How_much_of_a_text_is_shown_is_chosen_and_kept()
    {
        await using OpenPage open = await pages.Open("/L7N17");
        ILocator all = open.Page.Locator($"{Texts} .tk:visible");
        int sixteen = await all.CountAsync();
        await open.Page.GetByLabel("5", new() { Exact = true }).CheckAsync(new() { Force = true });
        int five = await all.CountAsync();
        await open.Page.GetByLabel("all", new() { Exact = true }).CheckAsync(new() { Force = true });
        int whole = await all.CountAsync();
        Assert.True(five < sixteen && sixteen < whole, $"{five} {sixteen} {whole}");
        Assert.Contains("context=all", open.Page.Url, StringComparison.Ordinal);
        await Expect(open.Page.Locator($"{Texts} .tk:visible:not([title])")).ToHaveCountAsync(0);   // the rest of each text is coloured, too
        await open.Page.ReloadAsync();
        await open.Shown();
        Assert.Equal(whole, await all.CountAsync());
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Arrow_keys_turn_the_page_and_go_through_a_text()
    {
        await using OpenPage open = await pages.Open("/L0N0");
        await open.Page.Keyboard.PressAsync("ArrowLeft");   // there is none before
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await open.Page.WaitForURLAsync("**/L0N1");
        await open.Shown();
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await open.Page.WaitForURLAsync("**/L0N2");
        await open.Shown();
        await open.Page.Keyboard.PressAsync("ArrowLeft");
        await open.Page.WaitForURLAsync("**/L0N1");
        await open.Shown();
        await open.Page.GoBackAsync();
        await open.Page.WaitForURLAsync("**/L0N2");
        await open.Shown();
        await open.Page.Locator($"{Texts} .tk.pos").First.WaitForAsync();

        ILocator text = open.Page.Locator(Texts).First;
        await text.FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(text.Locator(".tk.at.fires")).ToHaveCountAsync(1);
        string first = await text.Locator("output").InnerTextAsync();
        await open.Page.Keyboard.PressAsync("ArrowLeft");
        Assert.NotEqual(first, await text.Locator("output").InnerTextAsync());
        await open.Page.Keyboard.PressAsync("End");
        await open.Page.GetByRole(AriaRole.Textbox, new() { Name = "A text of your own" }).FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowRight");
        Assert.EndsWith("/L0N2", open.Page.Url, StringComparison.Ordinal);
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task A_text_of_ones_own_is_coloured_as_it_is_typed()
    {
        await using OpenPage open = await pages.Open("/L7N17");
        ILocator own = open.Page.GetByRole(AriaRole.Textbox, new() { Name = "A text of your own" });
        await own.PressSequentiallyAsync("What do you think", new() { Delay = 20 });
        ILocator line = open.Page.Locator(".own-output .tk-line");
        await Expect(line).ToContainTextAsync("What do you think");
        await Expect(open.Page.Locator(".own-output .tk.pos").First).ToBeVisibleAsync();
        await open.Page.WaitForURLAsync("**/L7N17?own=What+do+you+think");
        await own.FillAsync("<script>window.harmed = 1</script>");
        await Expect(line).ToContainTextAsync("<script>window.harmed = 1</script>");
        await own.FillAsync(string.Concat(Enumerable.Repeat("q 9 ", 400)));
        await Expect(open.Page.Locator(".own-output .error")).ToContainTextAsync("tokens");
        await own.FillAsync(string.Empty);
        await Expect(open.Page.Locator(".own-output")).ToBeEmptyAsync();
        Assert.Equal("none", await open.Page.EvaluateAsync<string>("String(window.harmed ?? 'none')"));
        Assert.All(open.Complaints, complaint => Assert.Contains("400", complaint, StringComparison.Ordinal));   // the browser notes the refusal
    }

    [Fact]
    public async Task Controls_unfold_and_links_lead_to_near_memories()
    {
        await using OpenPage open = await pages.Open("/L7N17");
        await open.Page.Locator(".controls summary").ClickAsync();
        await Expect(open.Page.Locator(".controls h3")).ToHaveCountAsync(3);
        await Expect(open.Page.Locator(".controls .tk.pos").First).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".controls .tk.fires:not([title])")).ToHaveCountAsync(0);
        ILocator bins = open.Page.Locator(".plot");
        await bins.FocusAsync();
        await open.Page.Keyboard.PressAsync("ArrowRight");
        await Expect(open.Page.Locator(".histogram output")).ToContainTextAsync(new Regex("from .* to "));
        ILocator near = open.Page.Locator(".near-list a").First;
        string name = await near.InnerTextAsync();
        await open.Picture("memory-controls");
        await near.ClickAsync();
        await open.Page.WaitForURLAsync("**/" + name);
        await open.Shown();
        await Expect(open.Page.Locator("h1")).ToHaveTextAsync(name);
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Random" }).ClickAsync();
        await Expect(open.Page.Locator("h1")).Not.ToHaveTextAsync(name);
        open.ComplainedOfNothing();
    }

    [Theory]
    [InlineData("memory-gated", 1280, 900, false)]
    [InlineData("memory-gated-phone-dark", 390, 844, true)]
    public async Task Both_poles_of_hostile_texts_are_texts(string picture, int width, int height, bool dark)
    {
        (string study, string model) = (await pages.Served).Gated;
        WebServer server = await (await pages.Served).Serve(study, options => options with { Model = model });
        await using OpenPage open = await pages.Open("/L1N3?context=all", width, height, dark, server);
        await Everything(open);
        await Expect(open.Page.Locator($"{Texts} .tk.neg").First).ToBeVisibleAsync();
        await Expect(open.Page.Locator(".signs").First).ToHaveTextAsync(new Regex("gate[+−] in[+−]"));
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "15 more" }).ClickAsync();
        await Expect(open.Page.Locator("section.triggers .trigger-list > li")).ToHaveCountAsync(40);
        await open.Picture(picture);

        await open.Page.GetByLabel("negative (40)").CheckAsync(new() { Force = true });
        Assert.Contains("pole=negative", open.Page.Url, StringComparison.Ordinal);
        await Expect(open.Page.Locator("section.triggers .trigger-list > li")).ToHaveCountAsync(25);
        await Expect(open.Page.Locator("section.triggers .trigger-list .figures .num").First).ToHaveTextAsync(new Regex("^-"));
        string texts = await open.Page.Locator("section.triggers").InnerTextAsync();
        Assert.Contains("<script>window.harmed = 1</script>", texts, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', texts);
        Assert.DoesNotContain('\u202E', texts);
        Assert.DoesNotContain('\u001B', texts);
        Assert.Equal("none", await open.Page.EvaluateAsync<string>("String(window.harmed ?? 'none')"));
        Assert.Equal(0, await open.Page.Locator("main script, main img").CountAsync());

        // Of each pole an example of ten tenths, ten random positions, and four sign cases.
        await open.Page.Locator(".beyond summary").ClickAsync();
        await Expect(open.Page.Locator(".beyond h3")).ToHaveTextAsync(
            ["Tenths of the activation, positive pole", "Tenths of the activation, negative pole", "Random positions", "gate+ in+", "gate+ in−", "gate− in+", "gate− in−"]);
        await Expect(open.Page.Locator(".beyond ol").Nth(2).Locator("li")).ToHaveCountAsync(10);
        await open.Picture(picture + "-beyond");
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Without_its_model_what_is_stored_is_shown()
    {
        ServedStudy served = await pages.Served;
        WebServer server = await served.Serve(served.Copy("page-without-model.study"), options => options with { Model = served.PathOf("nowhere") });
        await Assert.ThrowsAsync<Engine.InputRefusedException>(() => server.Models.Loaded);
        await using OpenPage open = await pages.Open("/L7N17", server: server);
        await Expect(open.Page.Locator(".memory > .absent")).ToContainTextAsync("nowhere");
        await Expect(open.Page.Locator("section.triggers .trigger-list > li")).ToHaveCountAsync(25);
        await Expect(open.Page.Locator(".own, .nearest")).ToHaveCountAsync(0);
        await open.Page.Locator(".percentile").First.WaitForAsync();
        await open.Page.Locator(".controls summary").ClickAsync();
        await Expect(open.Page.Locator(".controls h3")).ToHaveCountAsync(2);
        await open.Picture("memory-without-model");
        open.ComplainedOfNothing();
    }

    private static async Task Everything(OpenPage open)
    {
        await open.Page.Locator($"{Texts} .tk.pos").First.WaitForAsync();
        await open.Page.Locator(".near-list a").First.WaitForAsync();
        await open.Page.Locator(".percentile").First.WaitForAsync();
        await Expect(open.Page.Locator(".colouring")).ToHaveTextAsync(string.Empty);
    }
}
