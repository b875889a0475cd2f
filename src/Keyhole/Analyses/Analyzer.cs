using System.Diagnostics;
using Keyhole.Engine;
using Keyhole.Engine.Readouts;
using Keyhole.Studies;

namespace Keyhole.Analyses;

/// <summary>Carries out sections 3 to 5 of the paper on a study, section by section; each stands in the study as soon as it is whole.</summary>
public static class Analyzer
{
    private static readonly AnalysisSection[] s_order =
        [AnalysisSection.Values, AnalysisSection.Predictions, AnalysisSection.Composition, AnalysisSection.Prompts, AnalysisSection.Mutations, AnalysisSection.Reach, AnalysisSection.ReadWrite, AnalysisSection.Compat, AnalysisSection.Index];

    /// <summary>Runs the sections that are asked for.</summary>
    /// <param name="options">What to analyse.</param>
    /// <param name="progress">Told how far the analysis is, or null.</param>
    /// <param name="cancellation">Stops it; sections that are whole stay.</param>
    /// <exception cref="InputRefusedException">The study, its model or a file cannot be used.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written, and is as it was before the section.</exception>
    public static AnalysisResult Run(AnalysisOptions options, IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        AnalysisSection[] sections = [.. s_order.Where(section => options.Only?.Contains(section) ?? (section != AnalysisSection.Compat || options.Compat))];
        if (sections.Contains(AnalysisSection.Compat) && options.Readout != Readout.Raw)
        {
            throw new ArgumentException("The released code's numbers are those of the raw readout.", nameof(options));
        }

        using Study study = Study.Open(options.Study);
        if (sections.Contains(AnalysisSection.Compat) && study.Shape.Experts > 0)
        {
            throw new InputRefusedException("KH5204", $"{options.Study}: the released code knows no experts, which this study's model has; leave --compat out.");
        }

        StudyEditor.RequireWritable(options.Study);
        using StudyModel model = StudyModel.Open(study, options.Model, cancellation);
        using var run = new SectionRun(study, model, options, cancellation);
        double[] costs = [.. sections.Select(section => AnalysisCosts.Of(section, model.Model.Spec, study, options))];
        var made = new List<(AnalysisSection, double)>();
        for (int i = 0; i < sections.Length; i++)
        {
            AnalysisSection section = sections[i];
            double before = costs[..i].Sum() / costs.Sum();
            double part = costs[i] / costs.Sum();
            long start = Stopwatch.GetTimestamp();
            run.Make(section, share => progress?.Report(new AnalysisProgress(section, before + (part * share))));
            made.Add((section, Stopwatch.GetElapsedTime(start).TotalSeconds));
        }

        return new AnalysisResult(options.Study, made);
    }
}
