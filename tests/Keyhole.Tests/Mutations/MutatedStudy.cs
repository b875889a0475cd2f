using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Mutations;

/// <summary>A tiny model with the study of a tiny corpus.</summary>
internal sealed class MutatedStudy : IDisposable
{
    private readonly TinyRun _tiny = new();

    public MutatedStudy(TinyModel tiny, BosPolicy bos = BosPolicy.Auto, MiningRules? rules = null)
    {
        string folder = _tiny.Model(tiny);
        MiningOptions options = _tiny.Options(folder, _tiny.Corpus(TinyRun.Lines)) with { Bos = bos, Rules = rules ?? new MiningRules { Top = 12 } };
        Study = TinyRun.Mine(options);
        StudyPath = options.Output;
        Model = Model.Open(folder);
        StartsWithBos = BosEncoding.StartsUnits(Study, TokenizerLoader.Load(folder));
    }

    public Study Study { get; }

    public string StudyPath { get; }

    public Model Model { get; }

    public bool StartsWithBos { get; }

    public string File(string name) => Path.Combine(_tiny.Folder, name);

    public string Write(TinyModel tiny, string name) => _tiny.Model(tiny, name);

    public void Dispose()
    {
        Study.Dispose();
        Model.Dispose();
        _tiny.Dispose();
    }
}
