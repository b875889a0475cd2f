using System.CommandLine;
using System.Globalization;
using Keyhole.Cli.Bench;
using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.Cli.Commands;

/// <summary><c>keyhole bench</c>: speeds as shares of the machine's own rate, all in one run.</summary>
internal sealed class BenchCommand : KeyholeCommand
{
    private readonly Argument<string?> _model = new("MODEL") { Description = "A model to mine with; without one only matrix products are measured.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string[]> _corpus = new("CORPUS") { Description = "The corpus to mine.", Arity = ArgumentArity.ZeroOrMore };
    private readonly Option<UnitKind?> _unit = CommonOptions.Unit();
    private readonly Option<long?> _limit = new("--limit") { Description = "Mine the first N units only.", HelpName = "N" };
    private readonly Option<int?> _threads = CommonOptions.Threads();
    private readonly Option<string?> _memory = new("--memory") { Description = "Memory to keep to while mining.", HelpName = "SIZE" };
    private readonly Option<bool> _values = new("--values") { Description = "Read all values of MODEL over its vocabulary instead of mining." };
    private readonly Option<bool> _paperShape = new("--paper-shape") { Description = "The same for a random model of the paper's shape, made for the occasion (a file of 950 MB in the temporary folder)." };
    private readonly Option<int?> _largeShape = new("--large-shape") { Description = "Mine the first L layers (up to 32) of a random Llama of 7 B, made for the occasion (400 MB a layer in the temporary folder, and 530 MB).", HelpName = "L" };
    private readonly Option<int> _tokens = new("--tokens") { Description = "Tokens of the corpus that --large-shape makes.", HelpName = "N", DefaultValueFactory = _ => 20_000 };
    private readonly Option<int?> _prefixes = new("--prefixes") { Description = "Read N prefixes of CORPUS at every layer instead of mining.", HelpName = "N" };
    private readonly Option<int?> _claims = new("--claims") { Description = "After mining, search all memories for the best detectors of N predicates (up to 16), and set its time against that of mining.", HelpName = "N" };
    private readonly Option<double> _seconds = new("--seconds") { Description = "Seconds for each matrix product.", HelpName = "S", DefaultValueFactory = _ => 1 };

    /// <summary>Creates the command.</summary>
    public BenchCommand()
        : base("bench", "Measures matrix products, and mining as a share of their rate in the same run.",
            "keyhole bench",
            "keyhole bench models/mini corpora/mini.train-sample.txt --unit line --threads 2",
            "keyhole bench models/mini --values",
            "keyhole bench --paper-shape --threads 2",
            "keyhole bench --large-shape 32 --memory 3GiB --threads 2",
            "keyhole bench models/mini corpora/mini.train-sample.txt --unit line --prefixes 1000",
            "keyhole bench models/mini corpora/mini.train-sample.txt --unit line --claims 8")
    {
        Add(_model);
        Add(_corpus);
        foreach (Option option in (Option[])[_unit, _limit.AtLeast(1), _threads, _memory, _values, _paperShape, _largeShape.AtLeast(1), _tokens.AtLeast(100), _prefixes.AtLeast(1), _claims.AtLeast(1), _seconds])
        {
            Add(option);
        }
    }

    /// <inheritdoc/>
    public override int Run(ParseResult options, CommandConsole console, CancellationToken stop)
    {
        int threads = options.GetValue(_threads) ?? Environment.ProcessorCount;
        TimeSpan duration = TimeSpan.FromSeconds(Math.Clamp(options.GetValue(_seconds), 0.1, 60));
        string? model = options.GetValue(_model);
        string[] corpus = options.GetValue(_corpus) ?? [];
        bool paperShape = options.GetValue(_paperShape);
        if (paperShape || options.GetValue(_values))
        {
            if (paperShape == model is not null)
            {
                throw new UsageException("bench: --values needs a model, --paper-shape makes its own.");
            }

            return RunValues(model, threads, duration, console, stop);
        }

        if (model is not null && corpus.Length == 0)
        {
            throw new UsageException("bench: a model needs a corpus to be mined over.");
        }

        if (options.GetValue(_prefixes) is { } prefixes)
        {
            return RunPrefixes(model ?? throw new UsageException("bench: --prefixes needs a model and a corpus."), corpus, options.GetValue(_unit) ?? UnitKind.Sentence, prefixes, threads, duration, console, stop);
        }

        if (options.GetValue(_claims) is { } claims)
        {
            return ShowClaims(
                ClaimBench.Run(
                    new MiningOptions { Model = model ?? throw new UsageException("bench: --claims needs a model and a corpus."), Corpus = corpus, Output = string.Empty, Unit = options.GetValue(_unit) ?? UnitKind.Sentence, Limit = options.GetValue(_limit), Threads = threads },
                    claims, console, stop),
                threads, console);
        }

        if (options.GetValue(_largeShape) is { } layers)
        {
            if (model is not null || layers > LargeShape.Layers)
            {
                throw new UsageException($"bench: --large-shape makes its own model, of up to {LargeShape.Layers} layers.");
            }

            return RunLarge(layers, options.GetValue(_tokens), Memory(options), threads, console, stop);
        }

        return model is null
            ? ShowProducts(threads, duration, console, stop)
            : Mine(new MiningOptions { Model = model, Corpus = corpus, Output = string.Empty, Unit = options.GetValue(_unit) ?? UnitKind.Sentence, Limit = options.GetValue(_limit), Threads = threads, Memory = Memory(options) }, console, stop);
    }

    private long? Memory(ParseResult options) => options.GetValue(_memory) is { } memory ? SizeText.Parse(memory) : null;

    private static int ShowProducts(int threads, TimeSpan duration, CommandConsole console, CancellationToken stop)
    {
        double single = GemmRate.Measure(3072, 768, 1, duration, stop);
        double all = GemmRate.Measure(3072, 768, threads, duration, stop);
        if (console.Json)
        {
            console.WriteJson(1, json =>
            {
                json.WriteNumber("threads", threads);
                json.WriteNumber("gemmSingleThread", single);
                json.WriteNumber("gemm", all);
            });
            return ExitCode.Done;
        }

        console.WriteTable(["measure", ">Gflop/s", ">ratio"],
        [
            ["matrix product 480 x 768 x 3072, 1 thread", Gigaflops(single), "1.00"],
            [$"the same, {threads} threads", Gigaflops(all), Ratio(all / single / threads)],
        ]);
        return ExitCode.Done;
    }

    private static int RunLarge(int layers, int tokens, long? memory, int threads, CommandConsole console, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("keyhole-large-shape-").FullName;
        try
        {
            console.WithProgress(progress =>
            {
                LargeShape.Write(folder, layers, new ShareProgress(progress, "write a random model"), stop);
                return true;
            });
            string corpus = Path.Combine(folder, "corpus.txt");
            LargeShape.WriteCorpus(corpus, tokens);
            return Mine(new MiningOptions { Model = folder, Corpus = [corpus], Output = string.Empty, Unit = UnitKind.Line, Threads = threads, Memory = memory }, console, stop);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Mine(MiningOptions options, CommandConsole console, CancellationToken stop)
    {
        (MeteredRun run, long peakBytes) = MiningBench.Run(options, console, stop);
        MiningResult mined = run.Mined;
        if (console.Json)
        {
            console.WriteJson(1, json =>
            {
                json.WriteNumber("threads", options.Threads);
                json.WriteNumber("gemm", run.Rate);
                json.WriteNumber("tokens", mined.Tokens);
                json.WriteNumber("floatingPointOperations", mined.FloatingPointOperations);
                json.WriteNumber("loadSeconds", mined.LoadSeconds);
                json.WriteNumber("tokenizeSeconds", mined.TokenizeSeconds);
                json.WriteNumber("mineSeconds", run.PassSeconds);
                json.WriteNumber("writeSeconds", mined.WriteSeconds);
                json.WriteNumber("mineShareOfGemm", run.PassShare);
                json.WriteNumber("allAfterLoadingShareOfGemm", run.WholeShare);
                json.WriteNumber("plannedBytes", run.Plan.Total);
                json.WriteNumber("peakBytes", peakBytes);
            });
            return ExitCode.Done;
        }

        console.WriteTable(["measure", ">Gflop/s", ">ratio"],
        [
            [$"matrix product 480 x 768 x 3072, {options.Threads} threads, measured in between", Gigaflops(run.Rate), "1.00"],
            ["mining: forward pass and statistics", Gigaflops(run.PassShare * run.Rate), Ratio(run.PassShare)],
            ["mining: all after loading (read, tokenize, mine, write)", Gigaflops(run.WholeShare * run.Rate), Ratio(run.WholeShare)],
        ]);
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{mined.Tokens:N0} tokens: load {mined.LoadSeconds:F2} s, tokenize {mined.TokenizeSeconds:F2} s, mine {run.PassSeconds:F2} s ({mined.Tokens / run.PassSeconds:N0} tokens/s), write {mined.WriteSeconds:F2} s; products are measured for a tenth of every second, which is not counted."));
        if (peakBytes > 0)
        {
            console.Note(string.Create(CultureInfo.InvariantCulture, $"memory: at most {peakBytes / 1048576.0:N0} MiB held, mapped weights apart; planned {run.Plan.Total / 1048576.0:N0} MiB, chunks of {run.Plan.ChunkTokens:N0} tokens, {(run.Plan.KeepsLayers ? "all layers kept" : "a layer at a time")}."));
        }

        return ExitCode.Done;
    }

    private static int ShowClaims(ClaimBenchResult result, int threads, CommandConsole console)
    {
        if (console.Json)
        {
            console.WriteJson(1, json =>
            {
                json.WriteNumber("threads", threads);
                json.WriteNumber("claims", result.Claims);
                json.WriteNumber("positions", result.Mined.Candidates);
                json.WriteNumber("mineSeconds", result.Mined.MineSeconds);
                json.WriteNumber("claimSeconds", result.ClaimSeconds);
                json.WriteNumber("ratio", result.Ratio);
                json.WriteNumber("peakBytes", result.PeakBytes);
            });
            return ExitCode.Done;
        }

        console.WriteTable(["measure", ">seconds", ">ratio"],
        [
            ["mining: forward pass and statistics", Seconds(result.Mined.MineSeconds), "1.00"],
            [string.Create(CultureInfo.InvariantCulture, $"all memories searched for {result.Claims} predicates, and all that goes with it"), Seconds(result.ClaimSeconds), Ratio(result.Ratio)],
        ]);
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{result.Mined.Candidates:N0} positions, {result.Mined.Memories:N0} memories; at most {result.PeakBytes / 1e6:N0} MB held while searching."));
        return ExitCode.Done;
    }

    private static int RunValues(string? model, int threads, TimeSpan duration, CommandConsole console, CancellationToken stop)
    {
        string? made = model is null ? Directory.CreateTempSubdirectory("keyhole-paper-shape-").FullName : null;
        try
        {
            if (made is not null)
            {
                console.WithProgress(progress =>
                {
                    PaperShape.Write(made, new ShareProgress(progress, "write a random model"), stop);
                    return true;
                });
            }

            double before = GemmRate.Measure(3072, 768, threads, duration, stop);
            ValueBenchResult result = ValueBench.Run(model ?? made!, threads, console, stop);
            double after = GemmRate.Measure(3072, 768, threads, duration, stop);
            double rate = Math.Max(before, after);
            double achieved = result.FloatingPointOperations / result.Seconds;
            if (console.Json)
            {
                console.WriteJson(1, json =>
                {
                    json.WriteNumber("threads", threads);
                    json.WriteNumber("gemm", rate);
                    json.WriteNumber("memories", result.Memories);
                    json.WriteNumber("floatingPointOperations", result.FloatingPointOperations);
                    json.WriteNumber("seconds", result.Seconds);
                    json.WriteNumber("valuesShareOfGemm", achieved / rate);
                    json.WriteNumber("peakBytes", result.PeakBytes);
                });
                return ExitCode.Done;
            }

            console.WriteTable(["measure", ">Gflop/s", ">ratio"],
            [
                [$"matrix product 480 x 768 x 3072, {threads} threads", Gigaflops(before), "1.00"],
                [$"the same again after reading values, {threads} threads", Gigaflops(after), Ratio(after / before)],
                ["values over the vocabulary, and agreement", Gigaflops(achieved), Ratio(achieved / rate)],
            ]);
            console.Note(string.Create(CultureInfo.InvariantCulture, $"{result.Memories:N0} values in {result.Seconds:F1} s; at most {result.PeakBytes / 1e6:N0} MB resident, mapped weights included; set against the larger of the two rates beside it."));
            return ExitCode.Done;
        }
        finally
        {
            if (made is not null)
            {
                Directory.Delete(made, recursive: true);
            }
        }
    }

    private static int RunPrefixes(string model, string[] corpus, UnitKind unit, int count, int threads, TimeSpan duration, CommandConsole console, CancellationToken stop)
    {
        double before = GemmRate.Measure(3072, 768, threads, duration, stop);
        PrefixBenchResult result = PrefixBench.Run(model, corpus, unit, count, threads, console, stop);
        double rate = Math.Max(before, GemmRate.Measure(3072, 768, threads, duration, stop));
        double least = result.PlainSeconds + (result.ReadoutOperations / rate);
        if (console.Json)
        {
            console.WriteJson(1, json =>
            {
                json.WriteNumber("threads", threads);
                json.WriteNumber("gemm", rate);
                json.WriteNumber("prefixes", result.Prefixes);
                json.WriteNumber("tokens", result.Tokens);
                json.WriteNumber("plainSeconds", result.PlainSeconds);
                json.WriteNumber("readoutSecondsAtGemmRate", result.ReadoutOperations / rate);
                json.WriteNumber("tracedSeconds", result.TracedSeconds);
                json.WriteNumber("ratio", result.TracedSeconds / least);
            });
            return ExitCode.Done;
        }

        console.WriteTable(["measure", ">seconds", ">ratio"],
        [
            ["a plain forward pass of the prefixes", Seconds(result.PlainSeconds), string.Empty],
            ["the readouts' own products at the machine's rate", Seconds(result.ReadoutOperations / rate), string.Empty],
            ["both", Seconds(least), "1.00"],
            ["prefixes read at every layer", Seconds(result.TracedSeconds), Ratio(result.TracedSeconds / least)],
        ]);
        console.Note(string.Create(CultureInfo.InvariantCulture, $"{result.Prefixes:N0} prefixes of {result.Tokens:N0} tokens; matrix products at {Gigaflops(rate)} Gflop/s."));
        return ExitCode.Done;
    }

    private static string Seconds(double seconds) => seconds.ToString("F2", CultureInfo.InvariantCulture);

    private static string Gigaflops(double rate) => (rate / 1e9).ToString("F1", CultureInfo.InvariantCulture);

    private static string Ratio(double ratio) => ratio.ToString("F3", CultureInfo.InvariantCulture);
}
