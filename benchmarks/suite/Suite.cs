using System.Diagnostics;
using System.Globalization;

namespace Keyhole.Benchmarks;

/// <summary>One run of the suite: where things are, how long it may take, and what was found.</summary>
internal sealed class Suite : IDisposable
{
    private readonly List<Figure> _figures = [];
    private readonly List<string> _leftOut = [];
    private readonly List<string> _brokenOff = [];
    private readonly TextWriter _output;

    /// <param name="root">The repository.</param>
    /// <param name="shared">Models and reference data beside it; may be missing.</param>
    /// <param name="quick">Whether to measure shortly.</param>
    /// <param name="threads">Worker threads of everything that is measured on several processors.</param>
    /// <param name="output">Receives figures as they are found.</param>
    /// <param name="stop">Ends what is being measured.</param>
    public Suite(string root, string shared, bool quick, int threads, TextWriter output, CancellationToken stop)
    {
        _output = output;
        Stop = stop;
        Threads = threads;
        Root = root;
        Shared = shared;
        Quick = quick;
        Work = Directory.CreateTempSubdirectory("keyhole-benchmarks-").FullName;
    }

    /// <summary>The repository.</summary>
    public string Root { get; }

    /// <summary>Models and reference data.</summary>
    public string Shared { get; }

    /// <summary>Whether to measure shortly.</summary>
    public bool Quick { get; }

    /// <summary>A temporary folder, deleted in the end.</summary>
    public string Work { get; }

    /// <summary>Worker threads of everything that is measured on several processors.</summary>
    public int Threads { get; }

    /// <summary>Ends what is being measured.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The small model of the repository.</summary>
    public string Mini => Path.Combine(Root, "models", "mini");

    /// <summary>SmolLM2-135M as it is given, in blocks of four bits.</summary>
    public string SmolLM2 => Path.Combine(Shared, "models", "smollm2-135m-instruct.Q4_1.gguf");

    /// <summary>English text to tokenise and to mine SmolLM2 over.</summary>
    public string WikiText => Path.Combine(Shared, "corpora", "wikitext-2.valid.txt");

    /// <summary>Sentences for mini, a line each.</summary>
    public string MiniSentences => Path.Combine(Root, "corpora", "mini.train-sample.txt");

    /// <summary>The figures so far.</summary>
    public IReadOnlyList<Figure> Figures => _figures;

    /// <summary>What was not measured, and why.</summary>
    public IReadOnlyList<string> LeftOut => _leftOut;

    /// <summary>Parts that broke off, and why.</summary>
    public IReadOnlyList<string> BrokenOff => _brokenOff;

    /// <summary>A path in the temporary folder.</summary>
    public string InWork(string name) => Path.Combine(Work, name);

    /// <summary>Adds a figure and shows it.</summary>
    public void Add(Figure figure)
    {
        _figures.Add(figure);
        string value = figure.Value is not null ? $"  {FigureTable.Value(figure)} {figure.Unit}" : string.Empty;
        string ratio = figure.Ratio is not null ? $"  {FigureTable.Ratio(figure)} to {figure.To}" : string.Empty;
        string bar = figure.Bar is { } wanted ? $"  ({wanted}: {(figure.Ok == true ? "met" : "missed")})" : string.Empty;
        string note = figure.Note.Length > 0 ? $"  [{figure.Note}]" : string.Empty;
        _output.WriteLine($"{figure.Part}: {figure.Name}{value}{ratio}{bar}{note}");
    }

    /// <summary>Says that something is not measured.</summary>
    public void LeaveOut(string sentence)
    {
        _leftOut.Add(sentence);
        _output.WriteLine($"left out: {sentence}");
    }

    /// <summary>Says that a part broke off.</summary>
    public void BreakOff(string sentence) => _brokenOff.Add(sentence);

    /// <summary>True where all files and folders are there; otherwise says what is left out.</summary>
    public bool Has(string what, params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            if (!File.Exists(path) && !Directory.Exists(path))
            {
                LeaveOut($"{what}: {Path.GetRelativePath(Root, path).Replace('\\', '/')} is not there.");
                return false;
            }
        }

        return true;
    }

    /// <summary>Runs the command of this build to its end.</summary>
    /// <param name="arguments">Its arguments.</param>
    public ChildProcess Keyhole(params IEnumerable<string> arguments) => Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "keyhole.dll"), .. arguments]);

    /// <summary>Runs this program again, as a process of its own.</summary>
    /// <param name="arguments">Its arguments.</param>
    public ChildProcess Self(params IEnumerable<string> arguments) => Run("dotnet", [Path.Combine(AppContext.BaseDirectory, "keyhole-benchmarks.dll"), .. arguments]);

    /// <summary>Runs a program to its end, with <see cref="Work"/> as its folder of temporary files: nothing of a child that is ended stays.</summary>
    /// <param name="program">Its name or path.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Its working folder, or null for this one's.</param>
    /// <param name="environment">Variables to set, or with null to take away.</param>
    public ChildProcess Run(string program, IReadOnlyList<string> arguments, string? folder = null, params IEnumerable<(string Name, string? Value)> environment)
        => ChildProcess.Run(program, arguments, folder, [("TMPDIR", Work), ("TMP", Work), .. environment], Stop);

    /// <summary>The median of the seconds that the command of this build takes as a whole process.</summary>
    /// <param name="rounds">How often it runs.</param>
    /// <param name="arguments">Its arguments.</param>
    public double MedianSeconds(int rounds, params IReadOnlyList<string> arguments) => Median(Enumerable.Range(0, rounds).Select(_ => Keyhole(arguments).Seconds));

    /// <summary>The median of several numbers.</summary>
    public static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Seconds that something takes.</summary>
    public static double Seconds(Action action)
    {
        long start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>A whole number with thousands set apart.</summary>
    public static string Whole(double number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Work, recursive: true);
}
