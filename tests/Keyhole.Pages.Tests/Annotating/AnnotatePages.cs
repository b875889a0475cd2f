using System.Text.RegularExpressions;
using Keyhole.Annotations;
using Keyhole.Studies;
using Keyhole.TestSupport.Web;
using Keyhole.Web.Serving;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Keyhole.Pages.Tests.Annotating;

/// <summary>Annotating as a person would: a name, patterns by clicks and by keys alone, another day, a second annotator, results.</summary>
public class AnnotatePages(PageFixture pages)
{
    private static readonly AnnotationOptions s_small = new() { PerLayer = 1, Prefixes = 8, Decoys = 1, Seed = 5 };

    [Fact]
    public async Task A_project_is_made_and_a_sheet_annotated_by_clicks_and_taken_up_after_a_reload()
    {
        ServedStudy served = await pages.Served;
        string study = served.Copy("clicks.study");
        WebServer server = await served.Serve(study);
        await using OpenPage open = await pages.Open("/annotate", server: server);
        IPage page = open.Page;
        await open.Picture("annotate-project");
        await page.GetByLabel("Memories of a layer").FillAsync("2");
        await page.GetByLabel("Decoys of a layer").FillAsync("1");
        await page.GetByLabel("Texts of a sheet").FillAsync("12");
        await page.GetByRole(AriaRole.Button, new() { Name = "Draw the sheets" }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync("Ana");
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin or go on" }).ClickAsync();
        await page.WaitForURLAsync("**/annotate?as=Ana");
        await page.GetByRole(AriaRole.Link, new() { Name = "Begin with the first sheet" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Sheet 1 of ") })).ToBeVisibleAsync();

        // The first text begins a pattern; a second pattern of another kind.
        ILocator texts = page.Locator("button.prefix");
        await Expect(texts).ToHaveCountAsync(12);
        await texts.Nth(0).ClickAsync();
        await texts.Nth(3).ClickAsync();
        await texts.Nth(5).ClickAsync();
        await page.GetByLabel("Pattern 1", new() { Exact = true }).FillAsync("all end in a verb");
        await page.GetByRole(AriaRole.Button, new() { Name = "New pattern" }).ClickAsync();
        await page.GetByLabel("Pattern 2", new() { Exact = true }).FillAsync("<b>rivers</b> & \"towns\"");
        await page.Locator(".pattern").Nth(1).GetByLabel("Semantic").CheckAsync();
        await texts.Nth(5).ClickAsync();
        await texts.Nth(6).ClickAsync();
        await Expect(texts.Nth(5)).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(texts.Nth(0)).ToHaveAttributeAsync("aria-pressed", "false");
        await Expect(page.Locator(".pattern").Nth(1).Locator(".covered")).ToContainTextAsync("2 of 12, needs 3");
        await Expect(page.Locator(".save-state")).ToHaveTextAsync("Saved");
        await open.Picture("sheet-light");

        await page.ReloadAsync();
        await open.Shown();
        await Expect(page.GetByLabel("Pattern 1", new() { Exact = true })).ToHaveValueAsync("all end in a verb");
        await Expect(page.GetByLabel("Pattern 2", new() { Exact = true })).ToHaveValueAsync("<b>rivers</b> & \"towns\"");
        await Expect(page.Locator(".pattern").Nth(1).GetByLabel("Semantic")).ToBeCheckedAsync();
        await Expect(texts.Nth(3)).ToHaveAttributeAsync("aria-pressed", "true");

        await page.GetByRole(AriaRole.Button, new() { Name = "Done and next" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Sheet 2 of ") })).ToBeVisibleAsync();
        await open.Go("/annotate?as=Ana");
        await Expect(page.GetByText(new Regex("1 of [0-9]+ sheets done")).First).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Go on" })).ToBeVisibleAsync();
        await open.Picture("annotate-progress");
        open.ComplainedOfNothing();

        using Study kept = Study.Open(study);
        Annotation annotation = Assert.Single(AnnotationTable.Read(kept));
        Assert.True(annotation.Done);
        Assert.Equal([0, 3, 5], annotation.Patterns[0].Prefixes);
        Assert.Equal(("<b>rivers</b> & \"towns\"", PatternKind.Semantic), (annotation.Patterns[1].Text, annotation.Patterns[1].Kind));
    }

    [Fact]
    public async Task A_sheet_is_annotated_by_keys_alone()
    {
        (string study, WebServer server) = await Served("keys.study", s_small);
        await using OpenPage open = await pages.Open("/annotate?as=Key", server: server);
        IPage page = open.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Begin with the first sheet" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Sheet 1 of ") })).ToBeVisibleAsync();
        await Press(page, "j", "Space", "j", "j", "Space", "ArrowDown", "Space");        // texts 1, 3, 4
        await Press(page, "e");
        await page.Keyboard.TypeAsync("n s y m 1 2 j k [ ]");                             // keys never steal what is typed
        await Press(page, "Enter", "y");
        await Press(page, "n");
        await page.Keyboard.TypeAsync("second");
        await Press(page, "Escape", "m", "k", "Space", "k", "Space", "Space", "1", "Space", "Space");   // second: text 3 (2 taken back)
        await Expect(page.Locator(".save-state")).ToHaveTextAsync("Saved");
        await open.Picture("sheet-keys");
        await Press(page, "Control+Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Sheet 2 of ") })).ToBeVisibleAsync();
        await Press(page, "[");
        await Expect(page.Locator(".done-mark")).ToHaveTextAsync("✓ done");
        open.ComplainedOfNothing();

        using Study kept = Study.Open(study);
        Annotation annotation = Assert.Single(AnnotationTable.Read(kept));
        Assert.True(annotation.Done);
        Assert.Equal(2, annotation.Patterns.Length);
        Assert.Equal(("n s y m 1 2 j k [ ]", PatternKind.Syntactic), (annotation.Patterns[0].Text, annotation.Patterns[0].Kind));
        Assert.Equal([0, 2, 3], annotation.Patterns[0].Prefixes);
        Assert.Equal(("second", PatternKind.Semantic), (annotation.Patterns[1].Text, annotation.Patterns[1].Kind));
        Assert.Equal([2], annotation.Patterns[1].Prefixes);
    }

    [Fact]
    public async Task What_the_server_did_not_get_is_sent_when_it_answers_again()
    {
        (string study, WebServer server) = await Served("offline.study", s_small);
        await using OpenPage open = await pages.Open(await FirstSheet(server, "Off"), server: server);
        IPage page = open.Page;
        int arrived = 0;
        await page.RouteAsync("**/api/annotate/sheets/*", async route =>
        {
            // The first save arrives and its answer is lost; the second does not arrive.
            if (route.Request.Method == "POST" && arrived < 2)
            {
                if (++arrived == 1)
                {
                    await route.FetchAsync();
                }

                await route.AbortAsync();
                return;
            }

            await route.ContinueAsync();
        });
        await page.Locator("button.prefix").Nth(1).ClickAsync();
        await Expect(page.Locator(".save-state")).ToContainTextAsync("It will be tried again.");
        await page.GetByLabel("Pattern 1", new() { Exact = true }).FillAsync("written while away");
        await page.ReloadAsync();
        await open.Shown();
        await Expect(page.GetByLabel("Pattern 1", new() { Exact = true })).ToHaveValueAsync("written while away");
        await Expect(page.Locator(".save-state")).ToHaveTextAsync("Saved");
        using Study kept = Study.Open(study);
        Annotation annotation = Assert.Single(AnnotationTable.Read(kept));
        Assert.Equal(("written while away", 2), (annotation.Patterns.Single().Text, annotation.Revision));
    }

    [Fact]
    public async Task Two_windows_of_one_annotator_do_not_overwrite_each_other()
    {
        (string study, WebServer server) = await Served("windows.study", s_small);
        string address = await FirstSheet(server, "Two");
        await using OpenPage one = await pages.Open(address, server: server);
        await using OpenPage two = await pages.Open(address, server: server);
        await one.Page.Locator("button.prefix").Nth(0).ClickAsync();
        await Expect(one.Page.Locator(".save-state")).ToHaveTextAsync("Saved");
        await two.Page.Locator("button.prefix").Nth(4).ClickAsync();
        await Expect(two.Page.Locator(".save-state")).ToContainTextAsync("another window");
        await two.Page.GetByRole(AriaRole.Button, new() { Name = "Keep what stands here" }).ClickAsync();
        await Expect(two.Page.Locator(".save-state")).ToHaveTextAsync("Saved");
        await one.Page.Locator("button.prefix").Nth(1).ClickAsync();
        await Expect(one.Page.Locator(".save-state")).ToContainTextAsync("another window");
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Show what is kept" }).ClickAsync();
        await Expect(one.Page.Locator("button.prefix").Nth(4)).ToHaveAttributeAsync("aria-pressed", "true");
        using Study kept = Study.Open(study);
        Assert.Equal([4], Assert.Single(AnnotationTable.Read(kept)).Patterns.Single().Prefixes);
    }

    [Fact]
    public async Task Two_annotators_open_the_results()
    {
        (string study, WebServer server) = await Served("results.study", new AnnotationOptions { PerLayer = 3, Prefixes = 12, Decoys = 2, Seed = 5 });
        Annotate(study);
        await using OpenPage open = await pages.Open("/annotate/results", server: server);
        IPage page = open.Page;
        await Expect(page.GetByText("The results are sealed")).ToBeVisibleAsync();
        await open.Picture("annotation-sealed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the results now" }).ClickAsync();
        await Expect(page.GetByText("Krippendorff's alpha", new() { Exact = true }).First).ToBeVisibleAsync();
        await Expect(page.Locator("svg.layers .class-shallow rect").First).ToBeVisibleAsync();
        await page.GetByLabel("Patterns of a sheet").CheckAsync();
        await Expect(page.GetByRole(AriaRole.Rowheader, new() { Name = "Ana" })).ToBeVisibleAsync();
        await page.GetByLabel("Share of prefixes covered").CheckAsync();
        await open.Picture("annotation-results-light");
        await page.GetByText("What each sheet was").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^L[0-9]+N[0-9]+$") }).First).ToBeVisibleAsync();
        IDownload file = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Export all annotations and labels" }).ClickAsync());
        Assert.Equal("results.annotations.jsonl", file.SuggestedFilename);
        open.ComplainedOfNothing();

        // The file goes into a copy without annotations.
        ServedStudy served = await pages.Served;
        await using OpenPage other = await pages.Open("/annotate", server: await served.Serve(served.Copy("results-copy.study")));
        await other.Page.GetByLabel("Import a file of annotations").SetInputFilesAsync(await file.PathAsync());
        await Expect(other.Page.GetByRole(AriaRole.Link, new() { Name = "Ben" })).ToBeVisibleAsync();
        other.ComplainedOfNothing();
    }

    [Theory]
    [InlineData(1280, 900, false)]
    [InlineData(1280, 900, true)]
    [InlineData(390, 844, false)]
    [InlineData(390, 844, true)]
    public async Task Pages_fit_every_screen(int width, int height, bool dark)
    {
        string name = $"{width}{(dark ? "-dark" : "-light")}";
        (string study, WebServer server) = await Served($"screens-{name}.study", new AnnotationOptions { PerLayer = 3, Prefixes = 25, Decoys = 2, Seed = 5 });
        Annotate(study);
        await using OpenPage open = await pages.Open("/annotate?as=Ana", width, height, dark, server);
        await open.Picture($"annotate-{name}");
        using (Study opened = Study.Open(study))
        {
            await open.Go($"/annotate/sheet/{AnnotationTable.Read(opened)[0].Sheet}?as=Ana");
        }

        await open.Picture($"sheet-{name}");
        await open.Go("/annotate/results");
        await open.Page.GetByRole(AriaRole.Button, new() { Name = "Open the results now" }).ClickAsync();
        await Expect(open.Page.Locator("svg.layers")).ToBeVisibleAsync();
        await open.Picture($"annotation-results-{name}");
        open.ComplainedOfNothing();
    }

    private async Task<(string Study, WebServer Server)> Served(string name, AnnotationOptions options)
    {
        ServedStudy served = await pages.Served;
        string study = served.Copy(name);
        using (Study opened = Study.Open(study))
        {
            new AnnotationStore(study).Create(opened, options);
        }

        return (study, await served.Serve(study));
    }

    private static async Task<string> FirstSheet(WebServer server, string annotator)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        string list = await client.GetStringAsync($"/api/annotate/sheets?annotator={annotator}", TestContext.Current.CancellationToken);
        return $"/annotate/sheet/{Regex.Match(list, "\"id\":\"([0-9a-f]+)\"").Groups[1].Value}?as={annotator}";
    }

    // Ana and Ben agree for the most part, see more in true lists than in decoys, and more meaning in later layers.
    private static void Annotate(string path)
    {
        using Study study = Study.Open(path);
        AnnotationProject project = AnnotationTable.Project(study)!;
        var random = new Random(1);
        List<AnnotationSave> saves = [];
        foreach (Sheet sheet in project.Sheets)
        {
            int covered = sheet.Kind == SheetKind.True ? random.Next(5, 12) : random.Next(0, 5);
            foreach (string annotator in (string[])["Ana", "Ben"])
            {
                int own = Math.Max(0, covered + random.Next(-1, 2));
                AnnotationPattern shallow = new("ends in the same word", PatternKind.Shallow, [.. Enumerable.Range(0, own)]);
                AnnotationPattern semantic = new("about water and \u202erivers", PatternKind.Semantic, [.. Enumerable.Range(own / 2, own / 2)]);
                AnnotationPattern syntactic = new("before a noun", PatternKind.Syntactic, [9, 10, 11]);
                saves.Add(new AnnotationSave { Annotator = annotator, Sheet = sheet.Id, Revision = 1, Key = "k", Done = true, Patterns = sheet.Layer % 2 == 0 ? [shallow] : sheet.Layer == 1 ? [shallow, semantic] : [semantic, syntactic] });
            }
        }

        new AnnotationStore(path).Save(saves);
    }

    private static async Task Press(IPage page, params string[] keys)
    {
        foreach (string key in keys)
        {
            await page.Keyboard.PressAsync(key);
        }
    }
}
