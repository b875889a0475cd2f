using System.Globalization;
using Keyhole.Corpora;
using Keyhole.Studies;

namespace Keyhole.Features;

/// <summary>Cuts tasks from the sampled texts: where they stand in the corpus, and what <see cref="TextLabels"/> says of them.</summary>
/// <remarks>Half of the texts, by a hash of seed and number, are for fitting, the others are held out. In each half both classes are brought to the size of the smaller, by hash.</remarks>
internal static class ProbeTasks
{
    /// <summary>Texts of each class that each half must have.</summary>
    public const int LeastTexts = 20;

    /// <summary>Texts of each class that a half has at most.</summary>
    public const int MostTexts = 1000;

    private const int MostFiles = 4;
    private const int Parts = 4;
    private const ulong SplitStream = 0x6665_0002;
    private const ulong ChoiceStream = 0x6665_0003;

    /// <summary>All tasks; those with too few texts have none.</summary>
    /// <param name="study">The study.</param>
    /// <param name="sample">Its sample.</param>
    /// <param name="seed">Which halves.</param>
    public static IReadOnlyList<ProbeTask> Cut(Study study, FeatureSample sample, ulong seed)
        => [.. Places(study, sample).Concat(TextLabels.All.Select(rule => (rule.Name, Labels: Labels(sample, text => rule.Of(text.Unit.Text))))).Select(task => Cut(task.Name, task.Labels, sample, seed))];

    // Which file a text is of; where there is one file alone, which quarter of it.
    private static IEnumerable<(string Name, bool?[] Labels)> Places(Study study, FeatureSample sample)
    {
        int[] files = [.. sample.Texts.CountBy(text => text.Unit.File).OrderByDescending(file => file.Value).ThenBy(file => file.Key).Take(MostFiles).Select(file => file.Key)];
        if (files.Length > 1)
        {
            return files.Select(file => ($"file:{FileName(study, file)}", Labels(sample, text => text.Unit.File == file)));
        }

        long bytes = (uint)files[0] < (uint)study.Files.Length ? study.Files[files[0]].Bytes : 0;
        return Enumerable.Range(0, Parts).Select(part => (string.Create(CultureInfo.InvariantCulture, $"quarter:{part + 1}"),
            Labels(sample, text => Math.Clamp((long)(Parts * (double)text.Unit.Offset / Math.Max(1, bytes)), 0, Parts - 1) == part)));
    }

    private static string FileName(Study study, int file) => (uint)file < (uint)study.Files.Length ? study.Files[file].Path : file.ToString(CultureInfo.InvariantCulture);

    private static bool?[] Labels(FeatureSample sample, Func<FeatureText, bool?> label) => [.. sample.Texts.Select(label)];

    private static ProbeTask Cut(string name, bool?[] labels, FeatureSample sample, ulong seed)
    {
        int[] texts = [.. Enumerable.Range(0, labels.Length).Where(text => labels[text] is not null).OrderBy(text => CounterHash.Hash(seed ^ ChoiceStream, Number(text))).ThenBy(text => text)];
        int[] training = Balanced([.. texts.Where(text => !IsHeldOut(text))]);
        int[] heldOut = Balanced([.. texts.Where(IsHeldOut)]);
        if (Math.Min(training.Length, heldOut.Length) < 2 * LeastTexts)
        {
            (training, heldOut) = ([], []);
        }

        var task = new FeatureTask(name, labels.Count(label => label == true), labels.Count(label => label == false), training.Length / 2, heldOut.Length / 2);
        return new ProbeTask(task, training, [.. training.Select(IsTrue)], heldOut, [.. heldOut.Select(IsTrue)]);

        ulong Number(int text) => (ulong)sample.Texts[text].Unit.Index;
        bool IsHeldOut(int text) => (CounterHash.Hash(seed ^ SplitStream, Number(text)) & 1) == 1;
        bool IsTrue(int text) => labels[text] == true;
        int[] Balanced(int[] half)
        {
            int size = Math.Min(MostTexts, Math.Min(half.Count(IsTrue), half.Count(text => !IsTrue(text))));
            return [.. half.Where(IsTrue).Take(size).Concat(half.Where(text => !IsTrue(text)).Take(size)).Order()];
        }
    }
}
