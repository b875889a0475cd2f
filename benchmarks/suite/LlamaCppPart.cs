using System.Globalization;
using System.Text.Json;
using Keyhole.Corpora;
using Keyhole.Engine.Tokens;

namespace Keyhole.Benchmarks;

/// <summary>Mining every memory of SmolLM2 beside llama.cpp's prompt evaluation of the same tokens: the same F32 numbers, the same threads.</summary>
/// <remarks>
/// llama.cpp may arrange the texts as is best for it: joined and cut into contexts of any of several lengths, alone, or many side by side, with and without flash attention.
/// A sweep over a few texts picks its best arrangements; these then take turns with mining over all texts. Of each the fastest round counts.
/// </remarks>
internal static class LlamaCppPart
{
    private const double Wanted = 1.5;
    private const int Checked = 8;
    private const int Contenders = 2;

    /// <summary>Measures.</summary>
    public static void Run(Suite suite)
    {
        string folder = Path.Combine(suite.Root, "benchmarks", "llama-cpp");
        if (!suite.Has("llama.cpp", suite.SmolLM2, suite.WikiText) || !suite.Has("llama.cpp ('npm install --ignore-scripts --omit=optional --no-package-lock' in benchmarks/llama-cpp)", Path.Combine(folder, "node_modules")))
        {
            return;
        }

        string text = suite.InWork("sentences.txt");
        string all = suite.InWork("ids.jsonl");
        string few = suite.InWork("few.jsonl");
        Tokenizer tokenizer = TokenizerLoader.Load(suite.SmolLM2);
        int tokens = WriteTexts(suite, tokenizer, text, all, suite.Quick ? 3_000 : 10_000);
        WriteTexts(suite, tokenizer, suite.InWork("few.txt"), few, suite.Quick ? 500 : 1_000);
        string model = suite.InWork("smollm2.F32.gguf");
        GgufF32Writer.Convert(suite.SmolLM2, model, suite.Stop);

        string[] best = [.. Evaluate(suite, folder, model, few, suite.Quick ? 1 : 2).GetProperty("results").EnumerateArray().Take(Contenders).Select(Name)];
        CompareLikeliest(suite, folder, model, few);

        var theirs = new List<JsonElement>();
        var ours = new List<JsonElement>();
        for (int round = 0; round < (suite.Quick ? 1 : 2); round++)
        {
            ours.Add(Mine(suite, text, tokens));
            theirs.Add(Evaluate(suite, folder, model, all, 1, [.. best.SelectMany(name => new[] { "--only", name })]));
        }

        ours.Add(Mine(suite, text, tokens));
        JsonElement quantised = Evaluate(suite, folder, suite.SmolLM2, all, 1, ["--only", best[0]]);
        Report(suite, ours, theirs, quantised);
    }

    private static void Report(Suite suite, List<JsonElement> ours, List<JsonElement> theirs, JsonElement quantised)
    {
        JsonElement fastest = theirs.SelectMany(round => round.GetProperty("results").EnumerateArray()).MinBy(Seconds);
        double tokens = theirs[0].GetProperty("tokens").GetDouble();
        double mined = ours.Min(AfterLoading);
        string what = string.Create(CultureInfo.InvariantCulture, $"SmolLM2-135M, {Suite.Whole(tokens)} tokens in {theirs[0].GetProperty("texts").GetInt32():N0} sentences, {suite.Threads} threads");
        suite.Add(new Figure("llama.cpp", $"mining every memory of {what}, all after loading")
        {
            Value = tokens / mined,
            Unit = "tokens/s",
            Ratio = Seconds(fastest) / mined,
            To = "llama.cpp's prompt evaluation at F32: times as fast",
            Bar = Bar.AtLeast(Wanted),
        });
        suite.Add(new Figure("llama.cpp", $"its prompt evaluation at F32, {Name(fastest)}") { Value = tokens / Seconds(fastest), Unit = "tokens/s" });
        double four = quantised.GetProperty("results").EnumerateArray().Min(Seconds);
        suite.Add(new Figure("llama.cpp", "its prompt evaluation of the file in blocks of four bits")
        {
            Value = tokens / four,
            Unit = "tokens/s",
            Ratio = four / mined,
            To = "mining at F32: times as fast as it",
        });
    }

    private static JsonElement Mine(Suite suite, string text, int tokens)
    {
        JsonElement run = suite.Keyhole("mine", suite.SmolLM2, text, "--unit", "line", "--threads", suite.Threads.ToString(CultureInfo.InvariantCulture), "--quiet", "--json", "--overwrite", "-o", suite.InWork("llama.study")).Json;
        return run.GetProperty("tokens").GetInt32() == tokens ? run : throw new BenchmarkFailedException("Mining read other tokens than llama.cpp is given.");
    }

    private static double AfterLoading(JsonElement run) => run.GetProperty("tokenizeSeconds").GetDouble() + run.GetProperty("mineSeconds").GetDouble() + run.GetProperty("writeSeconds").GetDouble();

    private static JsonElement Evaluate(Suite suite, string folder, string model, string ids, int rounds, params IEnumerable<string> more)
        => suite.Run("node", ["evaluate.mjs", model, ids, suite.Threads.ToString(CultureInfo.InvariantCulture), "--rounds", rounds.ToString(CultureInfo.InvariantCulture), .. more], folder).Json;

    private static double Seconds(JsonElement result) => result.GetProperty("seconds").GetDouble();

    private static string Name(JsonElement result) => result.GetProperty("name").GetString()!;

    // Sentences, a line each, and their token ids, from the beginning of WikiText; returns how many ids.
    private static int WriteTexts(Suite suite, Tokenizer tokenizer, string text, string ids, int tokens)
    {
        using var lines = new StreamWriter(text);
        using var json = new StreamWriter(ids);
        int written = 0;
        foreach (TextUnit unit in Corpus.Open([suite.WikiText], new CorpusOptions { Unit = UnitKind.Sentence }).ReadUnits().TakeWhile(_ => written < tokens))
        {
            int[] encoded = tokenizer.Encode(unit.Text).Ids;
            lines.Write(unit.Text + "\n");
            json.Write(JsonSerializer.Serialize(new { ids = encoded }) + "\n");
            written += encoded.Length;
        }

        return written;
    }

    // Both must have computed the same model: what it finds likeliest in the middle of some sentences.
    private static void CompareLikeliest(Suite suite, string folder, string model, string ids)
    {
        int[][] halves = [.. File.ReadLines(ids).Take(Checked).Select(line => Half(JsonDocument.Parse(line).RootElement.GetProperty("ids")))];
        string path = suite.InWork("halves.jsonl");
        File.WriteAllLines(path, halves.Select(half => JsonSerializer.Serialize(new { ids = half })));
        JsonElement theirs = Evaluate(suite, folder, model, path, 0, ["--check", Checked.ToString(CultureInfo.InvariantCulture)]).GetProperty("likeliest");
        int same = halves.Zip(theirs.EnumerateArray()).Count(pair => Likeliest(suite, pair.First) == pair.Second.GetInt32());
        suite.Add(new Figure("llama.cpp", "likeliest next tokens in the middle of sentences that are the same as ours") { Value = same, Unit = $"of {halves.Length}", Bar = Bar.AtLeast(halves.Length) });
    }

    private static int[] Half(JsonElement ids) => [.. ids.EnumerateArray().Take((ids.GetArrayLength() + 1) / 2).Select(id => id.GetInt32())];

    private static int Likeliest(Suite suite, IEnumerable<int> ids)
        => suite.Keyhole("capture", suite.SmolLM2, "--ids", string.Join(',', ids), "--sites", "logits", "--json", "-o", suite.InWork("logits.safetensors")).Json.GetProperty("next")[0].GetProperty("id").GetInt32();
}
