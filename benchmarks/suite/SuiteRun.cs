using Keyhole.Cli;
using Keyhole.Engine;

namespace Keyhole.Benchmarks;

/// <summary>Runs the parts of the suite one after another.</summary>
internal static class SuiteRun
{
    /// <summary>All parts, in the order they run.</summary>
    public static IReadOnlyList<SuitePart> Parts { get; } =
    [
        new("gemm", GemmPart.Run),
        new("forward", ForwardPart.Run),
        new("mine", MiningParts.Mine),
        new("large", MiningParts.MineLarge),
        new("llama.cpp", LlamaCppPart.Run),
        new("torch", TorchPart.Run),
        new("values", ValueParts.Run),
        new("tokenizer", TokenizerPart.Run),
        new("start", StartPart.Run),
        new("growth", GrowthPart.Run),
        new("studies", StudyGrowthPart.Run),
        new("checkpoints", RunParts.Checkpoints),
        new("merge", RunParts.Merge),
    ];

    /// <summary>Measures, and writes what was found. A part that breaks off is told of, and the next one runs.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="options">What is asked for.</param>
    /// <param name="parts">Parts to choose from.</param>
    /// <param name="output">Receives figures.</param>
    /// <param name="error">Receives progress and what went wrong.</param>
    /// <param name="stop">Ends it; the figures so far are written.</param>
    /// <returns>The exit code: 0 where everything that was wanted was met, 1 where not or where a part broke off.</returns>
    /// <exception cref="UsageException">The figures cannot be written where they are asked for.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static int Run(string root, SuiteOptions options, IEnumerable<SuitePart> parts, TextWriter output, TextWriter error, CancellationToken stop)
    {
        if (options.Json is { } path && OutputTarget.Fault(path) is { } fault)
        {
            throw new UsageException($"'--json {path}': {fault}");
        }

        string shared = Environment.GetEnvironmentVariable("KEYHOLE_SHARED") ?? Path.Combine(root, "..", "shared");
        using var suite = new Suite(Path.GetFullPath(root), Path.GetFullPath(shared), options.Quick, options.Threads, output, stop);
        try
        {
            foreach (SuitePart part in parts.Where(part => options.Only.Count == 0 || options.Only.Contains(part.Name)))
            {
                stop.ThrowIfCancellationRequested();
                error.WriteLine($"{part.Name} ...");
                Run(part, suite, error);
            }
        }
        finally
        {
            if (options.Json is { } file)
            {
                new FigureFile(Machine.Describe(), Machine.Commit(suite.Root), DateOnly.FromDateTime(DateTime.UtcNow), options.Quick, suite.Figures, suite.LeftOut, suite.BrokenOff).Write(file);
            }
        }

        return suite.BrokenOff.Count == 0 && suite.Figures.All(figure => figure.Ok != false) ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Run(SuitePart part, Suite suite, TextWriter error)
    {
        try
        {
            part.Run(suite);
        }
        catch (Exception failure) when (!suite.Stop.IsCancellationRequested)   // An edge too: a run of an hour does not lose its other parts for one.
        {
            string sentence = $"{part.Name}: {BenchmarksEdge.Sentence(failure)}";
            suite.BreakOff(sentence);
            error.WriteLine($"broken off: {sentence}");
        }
    }
}
