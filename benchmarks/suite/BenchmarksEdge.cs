using Keyhole.Cli;

namespace Keyhole.Benchmarks;

/// <summary>The outermost layer of the program: reads the command line, runs what it asks for, turns what goes wrong into a sentence and an exit code.</summary>
internal static class BenchmarksEdge
{
    private const string Name = "keyhole-benchmarks";

    private static readonly string s_usage = $"""
        usage: benchmarks/run {SuiteOptions.Usage}
               benchmarks/run table FILE
               {Name} run ROOT {SuiteOptions.Usage}
               {Name} table FILE
               {Name} f32 INPUT.gguf OUTPUT.gguf
        parts: {string.Join(", ", SuiteRun.Parts.Select(part => part.Name))}

        """;

    /// <summary>Runs the command line.</summary>
    /// <param name="arguments">Its words.</param>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives progress and what went wrong.</param>
    /// <returns>0 where all went well, 1 where a bar is missed or something broke off, 2 for a command line that cannot be understood, 3 for an input that is refused, 130 and 143 after a signal.</returns>
    public static int Run(string[] arguments, TextWriter output, TextWriter error)
    {
        using var signals = new StopSignals();
        try
        {
            return Run(arguments, output, error, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            error.WriteLine($"{Name}: stopped.");
            return signals.ExitStatus;
        }
        catch (UsageException wrong)
        {
            error.WriteLine($"{Name}: error: {wrong.Message}\n\n{s_usage}");
            return ExitCode.Usage;
        }
        catch (Exception failure)   // The edge: nothing above this would tell the user anything.
        {
            error.WriteLine($"{Name}: error: {Sentence(failure)}");
            return failure is BenchmarkFailedException ? ExitCode.Failed : FailureReport.For(failure).ExitStatus;
        }
    }

    /// <summary>What a user is told of a failure: one line.</summary>
    public static string Sentence(Exception failure) => (failure is BenchmarkFailedException ? failure.Message : FailureReport.For(failure).Sentence).ReplaceLineEndings(" ");

    private static int Run(string[] arguments, TextWriter output, TextWriter error, CancellationToken stop)
    {
        switch (arguments)
        {
            case ["--help" or "-h" or "help"] or ["run", _, "--help" or "-h"]:
                output.Write(s_usage);
                return ExitCode.Done;
            case ["mine", .. string[] rest]:
                output.WriteLine(MeteredMining.Child(rest));
                return ExitCode.Done;
            case ["f32", string input, string converted]:
                GgufF32Writer.Convert(input, converted, stop);
                return ExitCode.Done;
            case ["table", string file]:
                output.Write(FigureTable.Of(FigureFile.Read(file)));
                return ExitCode.Done;
            case ["run", string root, .. string[] rest]:
                return SuiteRun.Run(root, SuiteOptions.Parse(rest, [.. SuiteRun.Parts.Select(part => part.Name)]), SuiteRun.Parts, output, error, stop);
            default:
                throw new UsageException(arguments.Length == 0 ? "nothing is asked for." : $"'{string.Join(' ', arguments)}' cannot be understood.");
        }
    }
}
