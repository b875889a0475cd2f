using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Analyses;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Features;

/// <summary>Measures the memories of a study as the features of a dictionary, beside a null whose weights are permuted (docs/features.md). The results stand in the study.</summary>
/// <remarks>
/// The sampled texts run through the model once, as one batch; of each layer in turn its inputs at all positions are held (two rows of D floats a position with the residual stream),
/// and memories and null are computed from them twice. No coefficient outlives its layer.
/// </remarks>
public static class FeatureAnalyzer
{
    /// <summary>Measures, and puts the results into the study in place of earlier ones.</summary>
    /// <param name="options">What to measure.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops it; the study stays as it was.</param>
    /// <exception cref="InputRefusedException">KH7901: no positions; KH7902: a layer is not there; KH7903: NaN or infinity; or the study or its model cannot be used.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public static FeatureResult Run(FeatureOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Positions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Positions, FeatureOptions.MostPositions);
        if (options.TopK.Count == 0 || options.TopK[0] < 1 || options.TopK.Zip(options.TopK.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException("Numbers of kept memories are from 1 on, and ascending.", nameof(options));
        }

        using Study study = Study.Open(options.Study);
        StudyEditor.RequireWritable(options.Study);
        using StudyModel model = StudyModel.Open(study, options.Model, cancellation);
        SortedSet<int> layers = Layers(model.Model, options.Layers);
        bool startsWithBos = BosEncoding.StartsUnits(study, TokenizerLoader.Load(model.Model.Path));
        FeatureSample sample = FeatureSample.Draw(study, startsWithBos, options.Positions, options.Seed, cancellation);
        FeatureResult result = Measure(study, model.Model, sample, layers, options, progress, cancellation);
        model.RequireSame();
        cancellation.ThrowIfCancellationRequested();
        using StudyEditor editor = StudyEditor.Open(options.Study);
        FeatureTable.Write(editor, result);
        editor.Commit();
        return result;
    }

    /// <summary>What was measured of a study; null where nothing was.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public static FeatureResult? Read(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return FeatureTable.Read(study);
    }

    private static FeatureResult Measure(Study study, Model model, FeatureSample sample, SortedSet<int> layers, FeatureOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<ProbeTask> tasks = ProbeTasks.Cut(study, sample, options.Seed);
        LetterWords words = LetterWords.Find(sample, options.Seed);
        var measurement = new LayerMeasurement(model, sample, tasks, words, options, cancellation);
        var rows = ImmutableArray.CreateBuilder<FeatureRow>();
        int done = 0;
        using var inputs = new LayerInputs(model.Spec, sample, layers, (layer, whole) =>
        {
            rows.AddRange(measurement.Of(layer, whole, share => progress?.Report((done + share) / layers.Count)));
            done++;
        });
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = options.Threads, KeepLayers = false });
        try
        {
            pass.Run(inputs.Batch(), inputs, cancellation);
        }
        catch (NotFiniteException failure)
        {
            throw new InputRefusedException("KH7903", string.Create(CultureInfo.InvariantCulture,
                $"{model.Path}: layer {failure.Layer} gives NaN or infinity on unit {sample.Texts[failure.Text].Unit.Index} of the study; the weights hold such values, or overflow on this text, and no number is made of them."), failure);
        }

        return new FeatureResult(Describe(study, sample, tasks, words, layers, options), [.. tasks.Select(task => task.Task)], rows.ToImmutable());
    }

    private static SortedSet<int> Layers(Model model, IReadOnlyList<int>? asked)
    {
        ImmutableArray<int> known = [.. Enumerable.Range(0, model.Spec.LayerCount).Where(layer => model.Spec.Blocks[layer].FeedForward.MemoryCount > 0)];
        foreach (int layer in asked ?? [])
        {
            if (!known.Contains(layer))
            {
                throw new InputRefusedException("KH7902", string.Create(CultureInfo.InvariantCulture, $"{model.Path}: --layers names layer {layer}, which this model does not have, or not with memories; it has {model.Spec.LayerCount} layers, counted from 0."));
            }
        }

        return [.. asked ?? known];
    }

    private static ImmutableSortedDictionary<string, string> Describe(Study study, FeatureSample sample, IReadOnlyList<ProbeTask> tasks, LetterWords words, SortedSet<int> layers, FeatureOptions options)
        => new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["positions"] = Text(sample.Positions),
            ["texts"] = Text(sample.Texts.Count),
            ["layers"] = string.Join(',', layers),
            ["top-k"] = string.Join(',', options.TopK),
            ["compat"] = options.SaeBench ? "saebench" : "none",
            ["tasks"] = Text(tasks.Count(task => task.Training.Length > 0)),
            ["words"] = Text(words.Letters.Length),
            ["letters"] = string.Concat(words.Asked.Select(letter => (char)('a' + letter))),
            ["null"] = "entries of keys and values permuted",
            ["active"] = Composition.TracedLayer.IsActiveAboveZero(study.Shape) ? "above 0" : "above 1% of the largest |m| over the positions",
            ["seed"] = Text(options.Seed),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    private static string Text<T>(T value)
        where T : notnull
        => string.Create(CultureInfo.InvariantCulture, $"{value}");
}
