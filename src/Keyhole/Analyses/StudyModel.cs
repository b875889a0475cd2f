using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Analyses;

/// <summary>The model that a study was mined from, found again: where it was, or where the user says it is now.</summary>
/// <remarks>Its weights are hashed while it is used; <see cref="RequireSame"/> comes before anything that was made with it is kept.</remarks>
public sealed class StudyModel : IDisposable
{
    private readonly Study _study;
    private readonly WeightsHash _hash;
    private readonly CancellationToken _cancellation;

    private StudyModel(Study study, Model model, CancellationToken cancellation)
    {
        _study = study;
        Model = model;
        _hash = new WeightsHash(model.Checkpoint);
        _cancellation = cancellation;
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>Opens the model of a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="path">Where the model is now; null where it was when the study was mined.</param>
    /// <param name="cancellation">Stops waiting for the hash.</param>
    /// <exception cref="InputRefusedException">KH5202: it is not there; KH5203: it has another shape; KH7503: the study is that of a null; or it cannot be used.</exception>
    public static StudyModel Open(Study study, string? path, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(study);
        NullStudy.RequireMemories(study);
        Model model = Model.Open(path ?? PathOf(study.Provenance));
        try
        {
            if (!model.Spec.Blocks.Select(block => block.FeedForward.ExpertSize).SequenceEqual(study.Shape.Widths)
                || model.Spec.Blocks.Max(block => block.FeedForward.Router is null ? 0 : block.FeedForward.Experts.Length) != study.Shape.Experts
                || model.Spec.Width != study.Shape.ModelWidth || model.Spec.VocabularySize != study.Shape.VocabularySize)
            {
                throw Other(study, model);
            }

            return new StudyModel(study, model, cancellation);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Waits for the hash of the weights and compares it with the study's.</summary>
    /// <exception cref="InputRefusedException">KH5203: the weights are others.</exception>
    public void RequireSame()
    {
        if (_hash.Value(_cancellation) != _study.Provenance.WeightsSha256)
        {
            throw Other(_study, Model);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _hash.Dispose();
        Model.Dispose();
    }

    /// <summary>Where the model of a study is: where it was when the study was mined.</summary>
    /// <exception cref="InputRefusedException">KH5202: it is not there.</exception>
    internal static string PathOf(StudyProvenance provenance)
        => Find(provenance)
            ?? throw new InputRefusedException("KH5202", $"{provenance.ModelPath}: the model that the study was mined from is not there any more. Say with --model where it is now.");

    /// <summary>The same; null where it is not there.</summary>
    internal static string? Find(StudyProvenance provenance) => Places(provenance).FirstOrDefault(place => Directory.Exists(place) || File.Exists(place));

    /// <summary>Whether the model of a study is where it was, and the study is one of its memories: that of a null has no use for it.</summary>
    internal static bool IsAtHand(StudyProvenance provenance) => !provenance.Options.ContainsKey(NullStudy.Option) && Find(provenance) is not null;

    private static IEnumerable<string> Places(StudyProvenance provenance)
    {
        if (provenance.Run.Options.TryGetValue(StudyRun.ModelLocation, out string? location))
        {
            yield return location;
        }

        yield return provenance.ModelPath;
    }

    private static InputRefusedException Other(Study study, Model model)
        => new("KH5203", $"{model.Path}: this is not the model that the study was mined from ({study.Provenance.ModelFamily}, weights {study.Provenance.WeightsSha256[..12]}...): its weights differ. Give that model with --model, or mine this one.");
}
