using Keyhole.Corpora;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Mining;

/// <summary>Small models and corpora, mined in a folder that goes away with the test.</summary>
internal sealed class TinyRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public string Folder => _folder.Path;

    /// <summary>Lines with repetitions, one-token lines, non-ASCII letters; all shorter than 60 bytes.</summary>
    public static IReadOnlyList<string> Lines { get; } = MakeLines();

    /// <summary>Writes a model with its tokenizer.</summary>
    public string Model(TinyModel model, string name = "model", bool bos = true, bool eos = false, int moreTokens = 0)
    {
        string folder = model.Write(_folder.File(name));
        TinyTokenizer.Write(folder, bos, eos, moreTokens);
        return folder;
    }

    /// <summary>Writes a file of lines.</summary>
    public string Corpus(IEnumerable<string> lines, string name = "corpus.txt")
    {
        string path = _folder.File(name);
        File.WriteAllText(path, string.Join('\n', lines) + "\n");
        return path;
    }

    /// <summary>Options that mine lines with two threads into a new file.</summary>
    public MiningOptions Options(string model, string corpus) => new()
    {
        Model = model,
        Corpus = [corpus],
        Output = _folder.File($"study-{_runs++}"),
        Unit = UnitKind.Line,
        Threads = 2,
        ChunkTokens = 300,
    };

    /// <summary>Mines, and opens the study.</summary>
    public static Study Mine(MiningOptions options, Action<MemoryPlan>? planned = null)
    {
        using (var miner = new Miner(options))
        {
            miner.Run(planned);
        }

        return Study.Open(options.Output);
    }

    /// <summary>Mines, and gives the exported bytes.</summary>
    public (byte[] Neurons, byte[] Units) Export(MiningOptions options, Action<MemoryPlan>? planned = null)
    {
        string folder = _folder.File($"export-{_runs++}");
        using Study study = Mine(options, planned);
        JsonlExport.Write(study, folder);
        return (File.ReadAllBytes(Path.Combine(folder, JsonlExport.NeuronsFile)), File.ReadAllBytes(Path.Combine(folder, JsonlExport.UnitsFile)));
    }

    public void Dispose() => _folder.Dispose();

    private static string[] MakeLines()
    {
        string[] words = ["the", "cat", "sat", "on", "a", "mat", "größe", "naïve", "of", "river", "stone", "x"];
        var random = new Random(11);
        var lines = new List<string> { "a", "ab", "the cat sat on the mat", "the cat sat on the mat" };
        while (lines.Count < 60)
        {
            string line = string.Join(' ', Enumerable.Range(0, random.Next(1, 8)).Select(_ => words[random.Next(words.Length)]));
            lines.Add(line);
            if (lines.Count % 7 == 0)
            {
                lines.Add(line);
            }
        }

        return [.. lines];
    }
}
