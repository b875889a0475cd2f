using Keyhole.Claiming;
using Keyhole.Mining;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Claiming;

/// <summary>A small model, mined, and claims about it, in a folder that goes away with the test.</summary>
internal sealed class ClaimFolder : IDisposable
{
    private readonly TinyRun _tiny = new();
    private int _files;

    public ClaimFolder(TinyModel model, IReadOnlyList<string> lines, MiningRules? rules = null)
    {
        Lines = lines;
        Model = _tiny.Model(model);
        MiningOptions options = _tiny.Options(Model, _tiny.Corpus(lines)) with { Rules = rules ?? new MiningRules { Top = 3 } };
        using var miner = new Miner(options);
        miner.Run(cancellation: TestContext.Current.CancellationToken);
        Study = options.Output;
    }

    public string Model { get; }

    public string Study { get; }

    public IReadOnlyList<string> Lines { get; }

    /// <summary>Path of a file with this text.</summary>
    public string Write(string text)
    {
        string path = Path.Combine(_tiny.Folder, $"file-{_files++}");
        File.WriteAllText(path, text);
        return path;
    }

    public ClaimOptions Options(string claims) => new() { Study = Study, Claims = Write(claims), Model = Model, Threads = 2, ChunkTokens = 400 };

    public ClaimRun Run(string claims, Func<ClaimOptions, ClaimOptions>? change = null)
        => ClaimTester.Run(change?.Invoke(Options(claims)) ?? Options(claims), cancellation: TestContext.Current.CancellationToken);

    public void Dispose() => _tiny.Dispose();
}
