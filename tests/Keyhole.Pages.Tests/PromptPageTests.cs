using System.Globalization;
using System.Text.RegularExpressions;
using Keyhole.Web.Serving;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>The prompt debugger, used as a person would.</summary>
public class PromptPageTests(PageFixture pages)
{
    private const string Prompt = "The old man sat down on the";

    [Fact]
    public async Task A_prompt_is_typed_read_changed_and_gone_on_with()
    {
        await using OpenPage open = await pages.Open("/prompt");
        IPage page = open.Page;
        await page.GetByLabel("Prompt", new() { Exact = true }).FillAsync(Prompt);
        await page.Keyboard.PressAsync("Enter");
        ILocator chips = page.Locator(".chip");
        await Assertions.Expect(chips.Last).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(page.Locator(".layer")).ToHaveCountAsync(10);
        Assert.Contains("text=The+old+man", page.Url, StringComparison.Ordinal);
        int positions = await chips.CountAsync();

        // Another position.
        await chips.Nth(positions - 2).ClickAsync();
        await Assertions.Expect(chips.Nth(positions - 2)).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"position={positions - 2}"), page.Url, StringComparison.Ordinal);

        // A layer's memories, and one of them off.
        await page.GetByRole(AriaRole.Button, new() { Name = "Layer 3: tokens and memories" }).ClickAsync();
        await Assertions.Expect(page.Locator("#layer-3 .memories tbody tr")).ToHaveCountAsync(10);
        string memory = await page.Locator("#layer-3 .memories tbody tr a").First.InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Switch off " + memory, Exact = true }).ClickAsync();
        ILocator wish = page.Locator(".wish");
        await Assertions.Expect(wish).ToHaveCountAsync(1);
        await Assertions.Expect(wish).ToContainTextAsync(memory + " switched off, at all positions");
        await Assertions.Expect(wish).ToContainTextAsync(new Regex(@"\(m here .+ → 0\)"));
        await Assertions.Expect(page.Locator(".next")).ToContainTextAsync("KL divergence");
        await Assertions.Expect(page.Locator("#layer-3")).ToBeVisibleAsync();   // what was open is open
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Switch off " + memory, Exact = true })).ToBeFocusedAsync();
        Assert.Contains(Uri.EscapeDataString(memory + ":off"), page.Url, StringComparison.Ordinal);

        // Another one by its name.
        await page.GetByLabel("memory", new() { Exact = true }).FillAsync("2/31");
        await page.GetByLabel("do", new() { Exact = true }).SelectOptionAsync("max");
        await page.GetByLabel("number", new() { Exact = true }).FillAsync("1.5");
        await page.GetByLabel("at", new() { Exact = true }).SelectOptionAsync("last");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(wish).ToHaveCountAsync(2);
        await Assertions.Expect(wish.Last).ToContainTextAsync("L2N31 set to 1.5 × its maximum, at the last position");

        // A few tokens with and without.
        await page.GetByLabel("tokens", new() { Exact = true }).FillAsync("6");
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Assertions.Expect(page.Locator(".generated-side")).ToHaveCountAsync(2);
        await Assertions.Expect(page.Locator(".generated-side").First.Locator(".made")).ToHaveCountAsync(6);
        await Assertions.Expect(page.Locator(".generated-side").Last.Locator(".made")).ToHaveCountAsync(6);
        await Assertions.Expect(page.GetByText("6 tokens", new() { Exact = true })).ToBeVisibleAsync();
        await open.Picture("prompt-used");

        // Removed again; then back, step by step, to the empty page.
        await page.Locator(".wish").Last.GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(wish).ToHaveCountAsync(1);
        await page.GoBackAsync();
        await Assertions.Expect(wish).ToHaveCountAsync(2);
        await page.GoBackAsync();
        await Assertions.Expect(wish).ToHaveCountAsync(1);
        await page.GoBackAsync();
        await Assertions.Expect(wish).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator(".next")).Not.ToContainTextAsync("KL divergence");
        await page.GoBackAsync();
        await Assertions.Expect(chips.Last).ToHaveAttributeAsync("aria-pressed", "true");
        await page.GoBackAsync();
        await Assertions.Expect(page.GetByLabel("Prompt", new() { Exact = true })).ToHaveValueAsync("");
        await Assertions.Expect(chips).ToHaveCountAsync(0);
        open.ComplainedOfNothing();
    }

    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(1280, 900, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task An_address_shows_the_same_again(int width, int height, bool dark)
    {
        await using OpenPage open = await pages.Open("/prompt?text=" + Uri.EscapeDataString(Prompt) + "&token=floor&do=L3N5:off;L2N31:max:2;L1N7:quantile:0.999:last", width, height, dark);
        IPage page = open.Page;
        await Assertions.Expect(page.Locator(".wish")).ToHaveCountAsync(3);
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Followed token" })).ToContainTextAsync("floor");
        await Assertions.Expect(page.GetByLabel("Prompt", new() { Exact = true })).ToHaveValueAsync(Prompt);
        await page.GetByRole(AriaRole.Button, new() { Name = "Layer 2: tokens and memories" }).ClickAsync();
        await Assertions.Expect(page.Locator("#layer-2 .memories")).ToBeVisibleAsync();
        await open.Picture($"prompt-{width}-{(dark ? "dark" : "light")}");
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Keys_do_what_the_mouse_does()
    {
        await using OpenPage open = await pages.Open("/prompt?text=" + Uri.EscapeDataString(Prompt));
        IPage page = open.Page;
        ILocator read = page.Locator(".chip[aria-pressed='true']");
        await read.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("Enter");
        int last = await page.Locator(".chip").CountAsync() - 1;
        await Assertions.Expect(page.Locator(".chip").Nth(last - 2)).ToHaveAttributeAsync("aria-pressed", "true");
        await Assertions.Expect(page.Locator(".chip").Nth(last - 2)).ToBeFocusedAsync();

        ILocator slider = page.GetByRole(AriaRole.Slider);
        await slider.FocusAsync();
        string output = (await slider.GetAttributeAsync("aria-valuetext"))!;
        Assert.Matches("^output: rank 0, [0-9.]+%$", output);
        await page.Keyboard.PressAsync("Home");
        Assert.StartsWith("r of layer 0: rank ", await slider.GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("End");
        Assert.Equal(output, await slider.GetAttributeAsync("aria-valuetext"));

        // Another token is followed: one of the list, then a word.
        ILocator second = page.Locator(".next .follow").Nth(1);
        await second.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".next .follow").Nth(1)).ToHaveAttributeAsync("aria-pressed", "true");
        Assert.StartsWith("output: rank 1,", await page.GetByRole(AriaRole.Slider).GetAttributeAsync("aria-valuetext"), StringComparison.Ordinal);
        await page.GetByLabel("Follow", new() { Exact = true }).FillAsync("house");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Followed token" })).ToContainTextAsync("house");
        await page.GetByText("As a table").ClickAsync();
        await Assertions.Expect(page.Locator(".curve table tbody tr")).ToHaveCountAsync(11);
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Generation_can_be_stopped()
    {
        await using OpenPage open = await pages.Open("/prompt?text=" + Uri.EscapeDataString(Prompt));
        IPage page = open.Page;
        await page.GetByLabel("tokens", new() { Exact = true }).FillAsync("50");
        await page.GetByRole(AriaRole.Button, new() { Name = "Generate" }).ClickAsync();
        await Assertions.Expect(page.Locator(".made").First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Assertions.Expect(page.GetByText(new Regex("^Stopped after [0-9]+\\.$"))).ToBeVisibleAsync();
        Assert.InRange(await page.Locator(".made").CountAsync(), 1, 49);
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_can_be_mended()
    {
        await using OpenPage open = await pages.Open("/prompt?text=Hello&do=L99N1:off");
        IPage page = open.Page;
        await Assertions.Expect(page.Locator("main [role='alert']")).ToContainTextAsync("the model has no memory L99N1");
        await page.Locator(".wish").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator(".layer")).ToHaveCountAsync(10);
        await Assertions.Expect(page.Locator("main [role='alert']")).ToBeEmptyAsync();
        await page.GetByLabel("memory", new() { Exact = true }).FillAsync("seven");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".wish")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_text_is_shown_as_text()
    {
        const string Evil = "<img src=x onerror=\"window.bad=1\"><script>window.bad=1</script>\u202E\u0000&amp;";
        await using OpenPage open = await pages.Open("/prompt?text=" + Uri.EscapeDataString(Evil) + "&do=" + Uri.EscapeDataString("<script>window.bad=1</script>:off"));
        await Assertions.Expect(open.Page.Locator("main [role='alert']")).ToContainTextAsync("begins with no memory's name");
        await open.Page.Locator(".wish").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(open.Page.Locator(".layer")).ToHaveCountAsync(10);
        Assert.True(await open.Page.EvaluateAsync<bool>("window.bad === undefined"));
        Assert.Equal(0, await open.Page.Locator("main img, main script").CountAsync());
    }

    [Fact]
    public async Task Without_a_model_the_page_says_how_to_give_one()
    {
        WebServer server = await (await pages.Served).Serve(change: options => options with { Model = "nowhere" });
        await Record.ExceptionAsync(() => server.Models.Loaded);
        await using OpenPage open = await pages.Open("/prompt?text=Hello", server: server);
        await Assertions.Expect(open.Page.Locator("main")).ToContainTextAsync("Prompts need the model");
        await open.Picture("prompt-without-model");
        open.ComplainedOfNothing();
    }
}
