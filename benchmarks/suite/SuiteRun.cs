using System.Globalization;

namespace Keyhole.Benchmarks;

/// <summary>Runs the parts of the suite one after another.</summary>
internal static class SuiteRun
{
    private static readonly (string Name, Action<Suite> Run)[] s_parts =
    [
        ("gemm", GemmPart.Run),
        ("forward", ForwardPart.Run),
        ("mine", MiningParts.Mine),
        ("large", MiningParts.MineLarge),
        ("llama.cpp", LlamaCppPart.Run),
        ("torch", TorchPart.Run),
        ("values", ValueParts.Run),
        ("tokenizer", TokenizerPart.Run),
        ("start", StartPart.Run),
        ("growth", GrowthPart.Run),
        ("checkpoints", RunParts.Checkpoints),
        ("merge", RunParts.Merge),
    ];

    /// <summary>Measures, and writes what was found.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="options"><c>--quick</c>, <c>--json FILE</c>, <c>--threads N</c>, <c>--only PART</c>.</param>
    /// <returns>The exit code: 0 where everything that was wanted was met, 1 where not, 2 for a wrong option.</returns>
    public static int Run(string root, string[] options)
    {
        bool quick = false;
        string? json = null;
        int threads = Environment.ProcessorCount;
        var only = new List<string>();
        for (int i = 0; i < options.Length; i++)
        {
            switch (options[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--json" when i + 1 < options.Length:
                    json = options[++i];
                    break;
                case "--threads" when i + 1 < options.Length && int.TryParse(options[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) && asked > 0:
                    threads = asked;
                    i++;
                    break;
                case "--only" when i + 1 < options.Length && s_parts.Any(part => part.Name == options[i + 1]):
                    only.Add(options[++i]);
                    break;
                default:
                    Console.Error.WriteLine($"benchmarks/run [--quick] [--json FILE] [--threads N] [--only PART]...; parts: {string.Join(", ", s_parts.Select(part => part.Name))}");
                    return 2;
            }
        }

        string shared = Environment.GetEnvironmentVariable("KEYHOLE_SHARED") ?? Path.Combine(root, "..", "shared");
        using var suite = new Suite(Path.GetFullPath(root), Path.GetFullPath(shared), quick, threads);
        foreach ((string name, Action<Suite> part) in s_parts)
        {
            if (only.Count == 0 || only.Contains(name))
            {
                part(suite);
            }
        }

        if (json is not null)
        {
            new FigureFile(Machine.Describe(), Machine.Commit(suite.Root), DateOnly.FromDateTime(DateTime.UtcNow), quick, suite.Figures, suite.LeftOut).Write(json);
        }

        return suite.Figures.All(figure => figure.Ok != false) ? 0 : 1;
    }
}
