using Keyhole.Analyses;
using Keyhole.Debugging;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Web.Serving;

/// <summary>The study's model, ready to compute: for one computation at a time.</summary>
public sealed class LoadedModel : IDisposable
{
    private readonly StudyModel _opened;

    private LoadedModel(StudyModel opened, Tokenizer tokenizer, BosPolicy bos, int threads)
    {
        _opened = opened;
        Tokenizer = tokenizer;
        Bos = bos;
        Threads = threads;
        Pass = new ForwardPass(opened.Model, new ForwardOptions { Threads = threads, KeepLayers = FitsPacked(opened.Model.Spec) });
        Reader = new VocabularyReader(opened.Model, threads);
        Norms = new ValueNorms(opened.Model);
    }

    /// <summary>The model.</summary>
    public Model Model => _opened.Model;

    /// <summary>Its tokenizer.</summary>
    public Tokenizer Tokenizer { get; }

    /// <summary>Whether texts begin with BOS, as those of the study do.</summary>
    public BosPolicy Bos { get; }

    /// <summary>A forward pass, which keeps its packed layers where they fit half the memory.</summary>
    public ForwardPass Pass { get; }

    /// <summary>A reader of the vocabulary.</summary>
    public VocabularyReader Reader { get; }

    /// <summary>Norms of its values.</summary>
    public ValueNorms Norms { get; }

    /// <summary>Worker threads.</summary>
    public int Threads { get; }

    /// <summary>Opens the model of a study, sees that its weights are those that the study was mined with, and packs its layers.</summary>
    /// <param name="study">The study.</param>
    /// <param name="path">Where the model is; null for where it was.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="stop">Stops.</param>
    /// <exception cref="Engine.InputRefusedException">KH5202: not there; KH5203: another model; or it cannot be used.</exception>
    public static LoadedModel Open(Study study, string? path, int threads, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(study);
        StudyModel opened = StudyModel.Open(study, path, stop);
        try
        {
            var model = new LoadedModel(opened, TokenizerLoader.Load(opened.Model.Path), RecordedRules.Bos(study.Provenance), threads);
            model.Pass.Prepare(opened.Model.Spec.LayerCount - 1, stop);
            opened.RequireSame();
            return model;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pass.Dispose();
        Reader.Dispose();
        _opened.Dispose();
    }

    private static bool FitsPacked(ModelSpec spec) => ForwardPass.PackedBytes(spec) <= GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
}
