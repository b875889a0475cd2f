using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Keyhole.Analyses;
using Keyhole.Memories;
using Keyhole.Studies;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>The overview, used as a person would.</summary>
public partial class OverviewPageTests(PageFixture pages)
{
    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(1280, 900, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task Everything_is_drawn_without_a_complaint(int width, int height, bool dark)
    {
        await using OpenPage open = await pages.Open("/", width, height, dark);
        await FiguresDrawn(open);
        ILocator drawings = open.Page.Locator(".drawing");
        Assert.True(await drawings.CountAsync() >= 14);
        for (int i = 0; i < await drawings.CountAsync(); i++)
        {
            LocatorBoundingBoxResult box = (await drawings.Nth(i).Locator("svg.marks").BoundingBoxAsync())!;
            Assert.True(box.Width > 100 && box.Height > 60 && box.X >= 0 && box.X + box.Width <= width, $"figure {i}: {box.X} {box.Width} {box.Height}");
            Assert.True(await drawings.Nth(i).Locator(".role-mark path, .role-mark line, .role-mark text").CountAsync() > 0);
        }

        Assert.True(await Colours(open) > 20, "the strip has few colours");
        await open.Page.EvaluateAsync("window.scrollTo(0, 0)");
        await open.Picture($"overview-{width}{(dark ? "-dark" : "")}");
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task A_cell_says_what_it_is_and_opens_its_memory()
    {
        using Study study = Study.Open((await pages.Served).Study);
        await using OpenPage open = await pages.Open("/");
        ILocator canvas = open.Page.Locator("canvas.strip");
        ILocator reading = open.Page.Locator(".strip-reading");
        await Assertions.Expect(open.Page.Locator("[aria-busy]")).ToHaveCountAsync(0);   // nothing moves any more between a look and a click
        LocatorBoundingBoxResult box = (await canvas.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + (box.Width * 0.6f), box.Y + (box.Height * 0.52f));
        string name = await reading.Locator("a").InnerTextAsync();
        Assert.Matches("^L[0-9]+N[0-9]+$", name);
        double kurtosis = study.Memory(NeuronId.Parse(name))!.Statistics.ExcessKurtosis;
        double shown = double.Parse((await reading.Locator("strong").GetAttributeAsync("title"))!.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        Assert.Equal(kurtosis, shown, Math.Abs(kurtosis) * 1e-3);
        await open.Page.Mouse.ClickAsync(box.X + (box.Width * 0.6f), box.Y + (box.Height * 0.52f));
        await open.Page.WaitForURLAsync($"**/{name}");
    }

    [Fact]
    public async Task The_strip_is_walked_with_keys()
    {
        await using OpenPage open = await pages.Open("/");
        await open.Page.Locator("#strip-layer").FocusAsync();
        await open.Page.Keyboard.PressAsync("Tab");
        ILocator reading = open.Page.Locator(".strip-reading a");
        await Assertions.Expect(open.Page.Locator("canvas.strip")).ToBeFocusedAsync();
        await Assertions.Expect(reading).ToHaveTextAsync("L0N0");
        foreach ((string key, string name) in ((string, string)[])[("ArrowRight", "L0N1"), ("ArrowRight", "L0N2"), ("PageDown", "L1N2"), ("ArrowLeft", "L1N1"), ("End", "L1N1023"), ("ArrowRight", "L2N0"), ("ArrowUp", "L1N.*"), ("Home", "L1N0"), ("ArrowUp", "L0N.*"), ("Home", "L0N0"), ("ArrowUp", "L0N0")])
        {
            await open.Page.Keyboard.PressAsync(key);
            await Assertions.Expect(reading).ToHaveTextAsync(new Regex($"^{name}$"));
        }

        await open.Page.Keyboard.PressAsync("ArrowRight");
        Assert.Matches("^L0N1, Kurtosis ", await open.Page.Locator("#announce").InnerTextAsync());
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForURLAsync("**/L0N1");
    }

    [Fact]
    public async Task The_statistic_stands_in_the_address_and_back_goes_back()
    {
        using Study study = Study.Open((await pages.Served).Study);
        await using OpenPage open = await pages.Open("/");
        string best = StudyAnalysis.Read(study).Values!.OrderByDescending(value => (float)value.MaxProbability).ThenBy(value => value.Id).First().Id.ToString();
        string peaked = study.Memories().Where(memory => double.IsFinite(memory.Statistics.ExcessKurtosis)).OrderByDescending(memory => (float)memory.Statistics.ExcessKurtosis).First().Id.ToString();
        ILocator first = open.Page.Locator(".ends-table th a").First;
        await Assertions.Expect(first).ToHaveTextAsync(peaked);
        await open.Page.GetByRole(AriaRole.Radio, new() { Name = "Top probability" }).ClickAsync();
        await open.Page.WaitForURLAsync("**/?statistic=maxProbability");
        await Assertions.Expect(first).ToHaveTextAsync(best);
        await open.Page.Locator("#strip-layer").SelectOptionAsync("3");
        await open.Page.WaitForURLAsync("**/?statistic=maxProbability&layer=3");
        await Assertions.Expect(first).ToHaveTextAsync(new Regex("^L3N"));
        await open.Page.GoBackAsync();
        await Assertions.Expect(first).ToHaveTextAsync(best);
        Assert.True(await open.Page.GetByRole(AriaRole.Radio, new() { Name = "Top probability" }).IsCheckedAsync());
        await open.Page.GoBackAsync();
        await Assertions.Expect(first).ToHaveTextAsync(peaked);
        await open.Go("/?statistic=norm&layer=5");
        await Assertions.Expect(open.Page.Locator("#strip-layer")).ToHaveValueAsync("5");
        Assert.True(await open.Page.GetByRole(AriaRole.Radio, new() { Name = "Value norm" }).IsCheckedAsync());
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task A_layer_of_a_figure_shows_its_memories()
    {
        await using OpenPage open = await pages.Open("/");
        ILocator drawing = open.Page.Locator("[data-figure='fig-04-agreement'][data-drawn]");
        await open.Page.Locator("[data-figure='fig-04-agreement']").ScrollIntoViewIfNeededAsync();
        await drawing.WaitForAsync();
        ILocator points = drawing.Locator(".mark-symbol.role-mark path");
        await points.First.HoverAsync();
        await Assertions.Expect(open.Page.Locator(".tip")).ToContainTextAsync("layer");
        LocatorBoundingBoxResult box = (await drawing.Locator("svg").BoundingBoxAsync())!;
        await open.Page.Mouse.ClickAsync(box.X + (box.Width * 0.6f), box.Y + (box.Height * 0.6f));
        await open.Page.WaitForURLAsync("**/?layer=*");
        string layer = QueryLayer().Match(open.Page.Url).Groups[1].Value;
        Assert.InRange(int.Parse(layer, CultureInfo.InvariantCulture), 4, 7);
        await Assertions.Expect(open.Page.Locator("#strip-layer")).ToHaveValueAsync(layer);
        await Assertions.Expect(open.Page.Locator("canvas.strip")).ToBeFocusedAsync();

        // The same by keyboard, in the table.
        ILocator figure = open.Page.Locator(".figure", new() { Has = open.Page.Locator("[data-figure='fig-04-agreement']") });
        await figure.Locator("summary").FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");
        await figure.GetByRole(AriaRole.Link, new() { Name = "2", Exact = true }).First.FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.WaitForURLAsync("**/?layer=2");
        await Assertions.Expect(open.Page.Locator("#strip-layer")).ToHaveValueAsync("2");
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Colours_of_the_strip_and_the_figures_follow_the_theme()
    {
        await using OpenPage open = await pages.Open("/");
        await open.Page.Locator("[data-figure='fig-04-agreement']").ScrollIntoViewIfNeededAsync();
        await open.Page.Locator("[data-figure='fig-04-agreement'][data-drawn]").WaitForAsync();
        string Corner = $"() => {{ {Pixels} return pixels.reduce((a, b) => (a * 31 + b) | 0, 0); }}";
        const string Label = "() => getComputedStyle(document.querySelector('[data-figure=\"fig-04-agreement\"] .role-axis-label text')).fill";
        int light = await open.Page.EvaluateAsync<int>(Corner);
        string lightLabel = await open.Page.EvaluateAsync<string>(Label);
        await open.Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await open.Page.WaitForTimeoutAsync(1500);
        Assert.NotEqual(light, await open.Page.EvaluateAsync<int>(Corner));
        Assert.NotEqual(lightLabel, await open.Page.EvaluateAsync<string>(Label));
        open.ComplainedOfNothing();
    }

    // A strip as large as SmolLM2's: 46,080 cells, drawn at once.
    [Fact]
    public async Task Forty_six_thousand_cells_are_drawn_without_lag()
    {
        await using OpenPage open = await pages.Open("/");
        float[] values = [.. Enumerable.Range(0, 46_080).Select(i => (float)Math.Sin(i) + 2)];
        byte[] bytes = [.. values.SelectMany(BitConverter.GetBytes)];
        string answer = JsonSerializer.Serialize(new
        {
            statistic = "kurtosis",
            scale = "asinh",
            low = 1.02,
            high = 2.98,
            least = 1,
            largest = 3,
            missing = 0,
            blocks = Enumerable.Range(0, 30).Select(layer => new { layer, expert = -1, count = 1536, indices = (int[]?)null }),
            values = Convert.ToBase64String(bytes),
        });
        await open.Page.RouteAsync("**/api/layers/*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = answer }));
        await open.Go("/");
        ILocator canvas = open.Page.Locator("canvas.strip");
        var times = new List<double>();
        for (int i = 0; i < 6; i++)
        {
            await open.Page.SetViewportSizeAsync(1200 - (20 * i), 900);   // each is drawn anew
            await open.Page.WaitForTimeoutAsync(200);
            times.Add(double.Parse((await canvas.GetAttributeAsync("data-draw-ms"))!, CultureInfo.InvariantCulture));
        }

        TestContext.Current.SendDiagnosticMessage($"46,080 cells: {string.Join(", ", times)} ms");
        Assert.True(times.Min() < 50, $"46,080 cells take {string.Join(", ", times)} ms");
        Assert.True(await Colours(open) > 100);
    }

    private static Task<int> Colours(OpenPage open) => open.Page.EvaluateAsync<int>($"() => {{ {Pixels} return new Set(pixels).size; }}");

    // From a copy of the strip, for chromium complains of a canvas that is read again and again.
    private const string Pixels = """
        const strip = document.querySelector('canvas.strip');
        const copy = document.createElement('canvas');
        copy.width = strip.width;
        copy.height = strip.height;
        const context = copy.getContext('2d', { willReadFrequently: true });
        context.drawImage(strip, 0, 0);
        const pixels = new Uint32Array(context.getImageData(0, 0, copy.width, copy.height).data.buffer);
        """;

    private static async Task FiguresDrawn(OpenPage open)
    {
        await open.Page.Locator(".figures").First.WaitForAsync();
        ILocator drawings = open.Page.Locator(".drawing");
        for (int i = 0; i < await drawings.CountAsync(); i++)
        {
            await drawings.Nth(i).ScrollIntoViewIfNeededAsync();
            await Assertions.Expect(drawings.Nth(i)).ToHaveAttributeAsync("data-drawn", "yes", new() { Timeout = PageFixture.Patience });
        }
    }

    [GeneratedRegex("layer=([0-9]+)")]
    private static partial Regex QueryLayer();
}
