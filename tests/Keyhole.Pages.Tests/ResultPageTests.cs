using Keyhole.Claiming;
using Keyhole.Studies;
using Keyhole.TestSupport.Web;
using Keyhole.Web.Serving;
using Microsoft.Playwright;
using Xunit;

namespace Keyhole.Pages.Tests;

/// <summary>Tested claims, features and figure 2 with its nulls, as a reader sees them.</summary>
public class ResultPageTests(PageFixture pages)
{
    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(1280, 900, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task Claims_stand_with_counts_intervals_and_positions(int width, int height, bool dark)
    {
        (WebServer server, string path) = await Server();
        using Study study = Study.Open(path);
        ClaimRun run = ClaimStore.Read(study)!;
        await using OpenPage open = await pages.Open("/claims", width, height, dark, server);
        ILocator cards = open.Page.Locator(".claim");
        await Assertions.Expect(cards).ToHaveCountAsync(run.Claims.Length);
        Assert.Equal(run.Claims.Select(claim => claim.Name), await open.Page.Locator(".claim h2").AllInnerTextsAsync());
        Assert.Equal(run.Claims[1].Tests[0].Verdict.ToString().ToLowerInvariant(), await cards.Nth(1).Locator(".verdict").InnerTextAsync());
        await Assertions.Expect(cards.Nth(2).Locator("tbody tr")).ToHaveCountAsync(10);
        await cards.Nth(2).GetByRole(AriaRole.Button, new() { Name = "Show all 12" }).ClickAsync();
        await Assertions.Expect(cards.Nth(2).Locator("tbody tr")).ToHaveCountAsync(12);
        await cards.Nth(1).Locator(".examples summary").ClickAsync();
        ClaimExamples examples = run.Claims[1].Tests[0].Examples;
        await Assertions.Expect(cards.Nth(1).Locator(".claim-examples li")).ToHaveCountAsync(examples.Hits.Length + examples.Extra.Length + examples.Missed.Length);
        Assert.Equal(0, await open.Page.Locator(".claim b").CountAsync());
        await open.Page.EvaluateAsync("window.scrollTo(0, 0)");
        await open.Picture($"claims-{width}{(dark ? "-dark" : "")}");
        await cards.Nth(2).Locator("tbody a").First.ClickAsync();
        await open.Page.WaitForURLAsync($"**/{run.Claims[2].Tests[0].Memory}*");
        open.ComplainedOfNothing();
    }

    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(1280, 900, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task Features_stand_beside_their_null_and_figure_2_beside_its_nulls(int width, int height, bool dark)
    {
        (WebServer server, _) = await Server();
        await using OpenPage open = await pages.Open("/", width, height, dark, server);
        ILocator features = open.Page.Locator("section.features");
        await Assertions.Expect(features.Locator(".feature-table tbody tr")).ToHaveCountAsync(2);
        string[] headings = [.. await features.Locator(".feature-table thead tr").Nth(1).Locator("th").AllInnerTextsAsync()];
        Assert.Equal(["Layer", "alive", "L0", "k = 1", "k = 5", "k = 10", "k = 50", "k = 100"], headings.Take(8));
        ILocator alive = features.Locator(".feature-table tbody tr").First.Locator("td").First;
        Assert.Matches("%$", await alive.Locator("span").First.InnerTextAsync());
        Assert.Matches("%$", await alive.Locator(".null").InnerTextAsync());
        foreach (string key in (string[])["features-variance", "features-l0", "features-probing", "features-absorption", "fig-02-patterns", "fig-02-decoys"])
        {
            ILocator drawing = open.Page.Locator($"[data-figure='{key}']");
            await drawing.ScrollIntoViewIfNeededAsync();
            await Assertions.Expect(drawing).ToHaveAttributeAsync("data-drawn", "yes", new() { Timeout = PageFixture.Patience });
            Assert.True(await drawing.EvaluateAsync<bool>("drawing => drawing.closest('section.features') !== null") == key.StartsWith("features-", StringComparison.Ordinal));
        }

        string[] series = [.. await open.Page.Locator("[data-figure='fig-02-decoys'] .role-legend-label text").AllTextContentsAsync()];
        Assert.Equal(["directions", "memories", "random prefixes", "rotations", "shuffled triggers"], series.Order(StringComparer.Ordinal));
        await features.Locator(".tasks summary").ClickAsync();
        await open.Picture($"features-{width}{(dark ? "-dark" : "")}");
        open.ComplainedOfNothing();
    }

    [Fact]
    public async Task Without_claims_and_features_the_pages_name_the_commands()
    {
        await using OpenPage open = await pages.Open("/claims");
        await Assertions.Expect(open.Page.Locator(".notice")).ToContainTextAsync("keyhole claim STUDY");
        await Assertions.Expect(open.Page.Locator("#top nav a[aria-current='page']")).ToHaveTextAsync("Claims");
        await open.Go("/");
        await Assertions.Expect(open.Page.Locator("section.features")).ToContainTextAsync("keyhole features STUDY");
        open.ComplainedOfNothing();
    }

    private async Task<(WebServer Server, string Study)> Server()
    {
        ServedStudy served = await pages.Served;
        string path = served.Results;
        return (await served.Serve(path), path);
    }
}
