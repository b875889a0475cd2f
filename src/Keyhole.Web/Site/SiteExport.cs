using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Keyhole.Analyses;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Reports;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Web.Annotating;
using Keyhole.Web.Memories;
using Keyhole.Web.Overview;
using Keyhole.Web.Serving;
using LayerFigures = Keyhole.Web.Memories.LayerFigures;

namespace Keyhole.Web.Site;

/// <summary>Writes pages of chosen memories as files that open from a disk: the same pages as the server's, their data within them (docs/web.md).</summary>
public static partial class SiteExport
{
    /// <summary>Name of the format in <c>keyhole export --format</c>.</summary>
    public const string Format = "site";

    private const double ColourShare = 0.7;
    private const int PrefixTokens = 12;
    private const int TopTokens = 5;
    private const string Script = "assets/keyhole.js";

    // In the order of the server's page; the site's own come last.
    private static readonly string[] s_styles = [.. StyleLink().Matches(PageFiles.Text("/index.html")).Select(link => link.Groups["path"].Value), "/css/site.css"];
    private static readonly string s_styleLinks = string.Concat(s_styles.Select(path => $"<link rel=\"stylesheet\" href=\"assets{path}\">\n"));

    /// <summary>Writes <c>index.html</c>, a page of each memory and what they share; files of those names are replaced together, when all are whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="name">Its name on the pages.</param>
    /// <param name="directory">Folder, made where it is missing.</param>
    /// <param name="options">Which memories (without a selection those that a report shows), and where the model is (null: where it was, or no colours where it is no longer there).</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Names of the files, <c>index.html</c> first.</returns>
    /// <exception cref="StudyNotWrittenException">KH5120: the folder cannot be written.</exception>
    /// <exception cref="InputRefusedException">KH5105: the study is damaged; KH5133: the selection does not fit it; KH5203: the model is another.</exception>
    /// <exception cref="OperationCanceledException">The export was stopped.</exception>
    public static IReadOnlyList<string> Write(Study study, string name, string directory, ExportOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        (ExportSelection selection, string rule) = Choose(study, options.Selection, cancellationToken);
        ExportRun run = new(study, options with { Selection = selection }, cancellationToken);
        using StudyModel? model = options.Model is null && !StudyModel.IsAtHand(study.Provenance) ? null : StudyModel.Open(study, options.Model, cancellationToken);
        using ExportFolder folder = new(directory);
        List<(NeuronId Id, int[] Units)> shown = [.. run.Memories("reading the study", 0, 0).Select(memory => (memory.Id, Units(memory)))];
        using CoefficientStore? colours = model is null ? null : ShownTexts.Coefficients(run, folder, model.Model, shown, 0, ColourShare);
        StudySummary summary = StudyEndpoints.Summary(study, name, ModelState.None, null);
        var entries = new List<SiteEntry>(shown.Count);
        WriteShared(folder);
        LayerFigures? figures = null;
        int layer = -1;
        int number = 0;
        foreach (MemoryRecord memory in run.Memories("writing pages", model is null ? 0 : ColourShare, 1))
        {
            if (memory.Id.Layer != layer)
            {
                (layer, figures) = (memory.Id.Layer, LayerFigures.Read(study, memory.Id.Layer));
            }

            MemoryAnswer answer = MemoryAnswers.Of(study, memory) with
            {
                Previous = number == 0 ? null : shown[number - 1].Id.ToString(),
                Next = number == shown.Count - 1 ? null : shown[number + 1].Id.ToString(),
            };
            WritePage(folder, $"{memory.Id}.html", memory.Id.ToString(), new SiteMemory("memory", summary, answer, figures!.Place(memory, ValueTable.Read(study, memory.Id)), LabelEndpoints.Of(study, memory.Id), ColoursOf(shown[number], answer, colours)));
            entries.Add(Entry(memory, answer));
            number++;
        }

        model?.RequireSame();
        WritePage(folder, "index.html", name, new SiteIndex("index", summary, rule, colours is not null, entries));
        return [.. folder.Complete().OrderByDescending(file => file == "index.html")];
    }

    // Without a selection the memories of a report: tens of thousands of pages are no one's first wish.
    private static (ExportSelection Selection, string Rule) Choose(Study study, ExportSelection asked, CancellationToken stop)
    {
        if (asked.Neurons is not null || asked.Layers is not null)
        {
            return (asked, "The memories that were asked for.");
        }

        var choice = new MemoryChoice(study, StudyAnalysis.Read(study).Values, only: null, seed: 0, stop);
        HashSet<NeuronId> chosen = [.. choice.Groups().SelectMany(group => group.Pages).Select(page => page.Id), .. choice.Thirds().SelectMany(third => third.Keys.Concat(third.Values)).Select(page => page.Id)];
        return chosen.Count == 0
            ? (asked, "All memories.")
            : (new ExportSelection { Neurons = chosen }, "The memories that a report of this study shows: those with the most confident, most agreeing and most surprising values, and those of its tables. --neurons and --layers choose others.");
    }

    // The units of the triggers that a page shows, each once.
    private static int[] Units(MemoryRecord memory)
        => [.. ((Pole[])[Pole.Positive, Pole.Negative]).SelectMany(pole => memory.Triggers(pole).Take(MemoryLimits.FirstTriggers)).Select(trigger => trigger.Unit).Distinct()];

    private static Dictionary<int, SiteColours>? ColoursOf((NeuronId Id, int[] Units) memory, MemoryAnswer answer, CoefficientStore? colours)
    {
        if (colours is null)
        {
            return null;
        }

        Dictionary<int, TextAnswer> shown = [];
        foreach (TextAnswer text in answer.Poles.SelectMany(pole => pole.Triggers).Select(trigger => trigger.Text))
        {
            // Two triggers of a long text may show different parts of it.
            shown[text.Unit] = shown.TryGetValue(text.Unit, out TextAnswer? other) && other.First < text.First ? other : text;
        }

        return memory.Units.Zip(colours.Of(memory.Id)).ToDictionary(unit => unit.First, unit => new SiteColours(shown[unit.First].First, unit.Second[shown[unit.First].First..]));
    }

    private static SiteEntry Entry(MemoryRecord memory, MemoryAnswer answer)
    {
        TriggerAnswer? best = answer.Poles.SelectMany(pole => pole.Triggers).FirstOrDefault();
        return new SiteEntry(answer.Id, answer.Layer, memory.Statistics.Max, answer.Poles.Sum(pole => pole.Total),
            best is null ? null : string.Concat(best.Text.Tokens.Take(best.Position - best.Text.First + 1).TakeLast(PrefixTokens)), best?.TargetText, [.. answer.Value?.Top.Take(TopTokens).Select(token => token.Text) ?? []]);
    }

    private static void WriteShared(ExportFolder folder)
    {
        WriteText(folder, Script, ModuleBundle.Of("/js/site.js"));
        foreach (string path in s_styles.Append("/icon.svg"))
        {
            folder.Write("assets" + path, stream => stream.Write(PageFiles.Find(path)!.Content), flush: false);
        }
    }

    private static void WritePage<T>(ExportFolder folder, string file, string title, T data)
    {
        WriteText(folder, file, string.Create(CultureInfo.InvariantCulture, $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{System.Net.WebUtility.HtmlEncode(title)} · Keyhole</title>
            <link rel="icon" href="assets/icon.svg">
            {s_styleLinks}</head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            <header id="top"></header>
            <main id="main" tabindex="-1"></main>
            <p id="announce" class="unseen" role="status"></p>
            <noscript><p>Keyhole's pages are drawn by scripts: please allow them for this file.</p></noscript>
            <script type="application/json" id="data">{JsonSerializer.Serialize(data, AnswerJson.ForFiles)}</script>
            <script src="{Script}"></script>
            </body>
            </html>

            """));
    }

    private static void WriteText(ExportFolder folder, string file, string text) => folder.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n"))), flush: false);

    [GeneratedRegex(@"<link rel=""stylesheet"" href=""(?<path>[^""]+)"">")]
    private static partial Regex StyleLink();
}
