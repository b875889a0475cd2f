using System.Text.Json;
using Keyhole.Analyses;
using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.TestSupport.Web;

/// <summary>A study of a small random gated model, byte by byte, over texts that a page could take for markup, controls or marks of direction; longer lists than a page shows at first.</summary>
internal static class GatedStudy
{
    /// <summary>Triggers that its lists hold.</summary>
    public const int Top = 40;

    /// <summary>Texts that are meant to do harm; every third one of the corpus.</summary>
    public static IReadOnlyList<string> Hostile { get; } =
    [
        "<script>window.harmed = 1</script>",
        "<img src=x onerror=\"window.harmed = 1\">",
        "\" onmouseover=\"window.harmed = 1\" x=\"",
        "javascript:window.harmed=1 ${window.harmed = 1} {{harmed}}",
        "left \u202Egnirts desrever\u202C \u2067right\u2069 \u200Fmark",
        "nul \0 bell \a escape \u001B[31m red \u001B[0m",
        "שלום עולם, this is العربية too",
        "</title></textarea></style>--><!--",
    ];

    /// <summary>Makes it in the folder of a served study; gives its path and its model's.</summary>
    public static (string Study, string Model) Make(ServedStudy served, string name = "gated", TinyModel? model = null)
    {
        string folder = served.PathOf(name);
        (model ?? TinyModel.Llama(layers: 3, memories: 40, vocabulary: TinyTokenizer.Size, context: 160)).Write(folder);
        TinyTokenizer.Write(folder);
        string corpus = served.PathOf(name + ".jsonl");
        var random = new Random(5);
        File.WriteAllLines(corpus, Enumerable.Range(0, 120).Select(i => JsonSerializer.Serialize(new
        {
            text = i % 3 == 0
                ? $"{i} {Hostile[i / 3 % Hostile.Count]} {i}"
                : string.Join(' ', Enumerable.Range(0, 6).Select(_ => new string((char)('a' + random.Next(26)), random.Next(1, 4)))),
        })));
        string study = served.PathOf(name + ".study");
        using (var miner = new Miner(new MiningOptions { Model = folder, Corpus = [corpus], Output = study, Unit = UnitKind.Line, Rules = new MiningRules { Top = Top, SampleQuantiles = true, SignCases = true }, Threads = 2 }))
        {
            miner.Run();
        }

        Analyzer.Run(new AnalysisOptions { Study = study, Only = new HashSet<AnalysisSection> { AnalysisSection.Values }, Threads = 2 });
        return (study, folder);
    }
}
