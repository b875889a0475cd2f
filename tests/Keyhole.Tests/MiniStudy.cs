using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.TestSupport;
using Xunit;

[assembly: AssemblyFixture(typeof(Keyhole.Tests.MiniStudy))]

namespace Keyhole.Tests;

/// <summary>The mini model mined over its validation sentences with lists of 50, once for all tests that ask for it (shared/conformance/mini).</summary>
public sealed class MiniStudy : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<string> _path;

    public MiniStudy() => _path = new Lazy<string>(Mine);

    /// <summary>The bundled model.</summary>
    public static string Model { get; } = Path.Combine(SharedData.Repository, "models", "mini");

    /// <summary>The study's path; skips the test where the sentences or the golden readings are missing.</summary>
    public string Require()
    {
        _ = SharedData.Require("models", "mini", "valid.sentences.txt");
        _ = SharedData.Require("conformance", "mini", "golden.safetensors");
        return _path.Value;
    }

    public void Dispose() => _folder.Dispose();

    private string Mine()
    {
        string path = _folder.File("mini.study");
        using var miner = new Miner(new MiningOptions
        {
            Model = Model,
            Corpus = [SharedData.Require("models", "mini", "valid.sentences.txt")],
            Output = path,
            Unit = UnitKind.Line,
            Threads = 2,
            Rules = new MiningRules { Top = 50 },
        });
        miner.Run(cancellation: TestContext.Current.CancellationToken);
        return path;
    }
}
