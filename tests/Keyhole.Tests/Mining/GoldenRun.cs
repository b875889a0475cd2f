using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Mining;

/// <summary>A model mined over a file of lines, beside the golden data of the same, in a folder that goes away with the test.</summary>
internal sealed class GoldenRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public GoldenRun(string model, string corpus, string golden, int top, CancellationToken cancellation)
    {
        Golden = new Golden(golden);
        string path = _folder.File("golden.study");
        using (var miner = new Miner(new MiningOptions { Model = model, Corpus = [corpus], Output = path, Unit = UnitKind.Line, Threads = 2, Rules = new MiningRules { Top = top } }))
        {
            Result = miner.Run(cancellation: cancellation);
        }

        Study = Study.Open(path);
    }

    public Golden Golden { get; }

    public MiningResult Result { get; }

    public Study Study { get; }

    public void Dispose()
    {
        Study.Dispose();
        Golden.Dispose();
        _folder.Dispose();
    }
}
