using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.Perplexity;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole perplexity</c>: how well a model predicts texts.</summary>
internal sealed class PerplexityCommand : KeyholeCommand
{
    private const int SchemaVersion = 1;
    private readonly Argument<string> _model = CommonOptions.Model();
    private readonly Argument<string[]> _files = new("FILE") { Description = "Text files, JSONL, CSV (all may be .gz), folders or patterns; - is standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _window = new("--window") { Description = "Tokens of a window, BOS included. Default: the model's context, at most 2048.", HelpName = "N" };
    private readonly Option<int?> _stride = new("--stride") { Description = "Tokens by which the window moves; those it held before are context only. Default: all that it holds of the text.", HelpName = "N" };
    private readonly Option<UnitKind?> _unit = new("--unit") { Description = "What is scored alone: document (a whole file or record), line or sentence. Default: document.", HelpName = "UNIT" };
    private readonly Option<string> _textField = CommonOptions.TextField();
    private readonly Option<BosPolicy?> _bos = new("--bos") { Description = "BOS before each window: auto (as the tokenizer does), always or never. Default: auto.", HelpName = "POLICY" };
    private readonly Option<int?> _threads = CommonOptions.Threads();

    /// <summary>Creates the command.</summary>
    public PerplexityCommand()
        : base("perplexity", "Measures how well a model predicts texts: perplexity per token and per word, and bits per byte.",
            "keyhole perplexity models/mini corpora/mini.train-sample.txt",
            "keyhole perplexity model.gguf wiki.test.txt --window 1024 --stride 512 --json",
            "keyhole perplexity models/mini sentences.jsonl --unit line --text-field text   # each line scored alone")
    {
        Add(_model);
        Add(_files);
        foreach (Option option in (Option[])[_window.AtLeast(2), _stride.AtLeast(1), _unit, _textField, _bos, _threads])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        var scoring = new PerplexityOptions
        {
            Model = options.GetRequiredValue(_model),
            Corpus = options.GetRequiredValue(_files),
            Unit = options.GetValue(_unit) ?? UnitKind.Document,
            TextField = options.GetRequiredValue(_textField),
            Window = options.GetValue(_window),
            Stride = options.GetValue(_stride),
            Bos = options.GetValue(_bos) ?? BosPolicy.Auto,
            Threads = options.GetValue(_threads) ?? Environment.ProcessorCount,
        };
        using var meter = new PerplexityMeter(scoring);
        PerplexityResult result = console.WithProgress(progress => meter.Run(new ScoringProgress(progress), stop));
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, json => WriteProperties(json, scoring, meter.StartPieces, result));
        }
        else
        {
            console.WriteFields(Fields(scoring, meter.StartPieces, result));
            if (result.UnscoredTexts > 0)
            {
                console.Note(string.Create(CultureInfo.InvariantCulture, $"{result.UnscoredTexts:N0} of {result.Perplexities.Count:N0} texts have no token to predict."));
            }
        }
        return ExitCode.Done;
    }

    private static IEnumerable<(string Name, string Value)> Fields(PerplexityOptions scoring, IReadOnlyList<string> start, PerplexityResult result)
    {
        yield return ("perplexity per token", Number(result.Perplexity));
        yield return ("perplexity per word", Number(result.WordPerplexity));
        yield return ("bits per byte", Number(result.BitsPerByte));
        if (result.Perplexities.Count - result.UnscoredTexts > 1)
        {
            yield return ("mean over texts", Number(result.MeanPerplexity));
        }
        yield return ("nats", Number(result.Nats));
        yield return ("tokens scored", Count(result.Tokens));
        if (result.UnscoredTokens > 0)
        {
            yield return ("tokens not scored", Count(result.UnscoredTokens) + ", nothing before them in their window");
        }
        yield return ("words", Count(result.Words));
        yield return ("bytes", Count(result.Bytes));
        yield return ("texts", $"{Count(result.Perplexities.Count)}, each a {Lower(scoring.Unit)}");
        yield return ("window", $"{Count(result.Window)} tokens, BOS included");
        yield return ("stride", $"{Count(result.Stride)} tokens");
        yield return ("BOS", start.Count == 0 ? $"none ({Lower(scoring.Bos)})" : $"{string.Join(' ', start)} before every window ({Lower(scoring.Bos)})");
    }

    private static void WriteProperties(Utf8JsonWriter json, PerplexityOptions scoring, IReadOnlyList<string> start, PerplexityResult result)
    {
        WriteNumber(json, "perplexity", result.Perplexity);
        WriteNumber(json, "wordPerplexity", result.WordPerplexity);
        WriteNumber(json, "bitsPerByte", result.BitsPerByte);
        json.WriteNumber("nats", result.Nats);
        json.WriteNumber("tokens", result.Tokens);
        json.WriteNumber("unscoredTokens", result.UnscoredTokens);
        json.WriteNumber("words", result.Words);
        json.WriteNumber("bytes", result.Bytes);
        json.WriteString("unit", Lower(scoring.Unit));
        json.WriteNumber("window", result.Window);
        json.WriteNumber("stride", result.Stride);
        json.WriteStartObject("bos");
        json.WriteString("policy", Lower(scoring.Bos));
        json.WriteStartArray("ids");
        foreach (int id in result.Start)
        {
            json.WriteNumberValue(id);
        }
        json.WriteEndArray();
        json.WriteStartArray("pieces");
        foreach (string piece in start)
        {
            json.WriteStringValue(piece);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteBoolean("add_start_token", result.Start.Count > 0);
        WriteNumber(json, "mean_perplexity", result.MeanPerplexity);
        json.WriteStartArray("perplexities");
        foreach (double perplexity in result.Perplexities)
        {
            if (double.IsFinite(perplexity))
            {
                json.WriteNumberValue(perplexity);
            }
            else
            {
                json.WriteNullValue();
            }
        }
        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("G6", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Lower<T>(T value)
        where T : struct, Enum
        => value.ToString().ToLowerInvariant();

    private sealed class ScoringProgress(IProgress<ProgressState> target) : IProgress<PerplexityProgress>
    {
        public void Report(PerplexityProgress value)
            => target.Report(new ProgressState("scoring", value.Share, string.Create(CultureInfo.InvariantCulture, $"{value.TokensPerSecond:N0} tokens/s"), [new("tokensPerSecond", value.TokensPerSecond)]));
    }
}
