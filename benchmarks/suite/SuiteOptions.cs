using System.Globalization;
using Keyhole.Cli;

namespace Keyhole.Benchmarks;

/// <summary>The options of a run.</summary>
/// <param name="Quick">Whether to measure shortly.</param>
/// <param name="Json">Where to write the figures, or null.</param>
/// <param name="Threads">Worker threads.</param>
/// <param name="Only">Names of the parts to run; empty for all.</param>
internal sealed record SuiteOptions(bool Quick, string? Json, int Threads, IReadOnlyList<string> Only)
{
    /// <summary>How they are written.</summary>
    public const string Usage = "[--quick] [--json FILE] [--threads N] [--only PART]...";

    /// <summary>Most threads that can be asked for.</summary>
    public const int MostThreads = 1024;

    /// <summary>Reads options.</summary>
    /// <param name="words">What follows the root.</param>
    /// <param name="parts">Names of all parts.</param>
    /// <exception cref="UsageException">One is unknown, has no value, or one that makes no sense.</exception>
    public static SuiteOptions Parse(IReadOnlyList<string> words, IReadOnlyCollection<string> parts)
    {
        var options = new SuiteOptions(Quick: false, Json: null, Environment.ProcessorCount, []);
        for (int i = 0; i < words.Count; i++)
        {
            string Value(string what) => ++i < words.Count ? words[i] : throw new UsageException($"'{words[i - 1]}' needs {what}.");
            options = words[i] switch
            {
                "--quick" => options with { Quick = true },
                "--json" => options with { Json = Value("a file to write") },
                "--threads" => options with { Threads = ReadThreads(Value("a number of threads")) },
                "--only" => options with { Only = [.. options.Only, ReadPart(Value("the name of a part"), parts)] },
                string other => throw new UsageException($"'{other}' is no option of benchmarks/run."),
            };
        }

        return options;
    }

    private static int ReadThreads(string word)
        => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is > 0 and <= MostThreads
            ? threads
            : throw new UsageException($"'--threads {word}': not a number from 1 to {MostThreads}.");

    private static string ReadPart(string word, IReadOnlyCollection<string> parts)
        => parts.Contains(word) ? word : throw new UsageException($"'--only {word}': there is no such part; there are {string.Join(", ", parts)}.");
}
