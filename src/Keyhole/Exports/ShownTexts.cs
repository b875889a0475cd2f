using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>What formats of whole texts have in common: which units a memory's triggers lie in, and their tokens as text.</summary>
internal static class ShownTexts
{
    /// <summary>Refuses a study whose memories have experts, for which such formats have no place.</summary>
    /// <exception cref="InputRefusedException">KH5134.</exception>
    public static void RequireNoExperts(Study study, string format)
    {
        if (study.Shape.Experts > 0)
        {
            throw new InputRefusedException("KH5134", $"the format {format} has no place for experts, which this study's model has; export it as jsonl or csv.");
        }
    }

    /// <summary>The best trigger of each unit on the positive pole, best first.</summary>
    public static Trigger[] Triggers(MemoryRecord memory) => [.. memory.Positive.DistinctBy(trigger => trigger.Unit)];

    /// <summary>Runs the wanted units through the model, each once.</summary>
    /// <param name="run">The export.</param>
    /// <param name="folder">Lends a file.</param>
    /// <param name="model">The study's model.</param>
    /// <param name="wanted">The memories with their units.</param>
    /// <param name="from">Share of the export that is done before.</param>
    /// <param name="to">Share of the export that is done afterwards.</param>
    public static CoefficientStore Coefficients(ExportRun run, ExportFolder folder, Model model, IReadOnlyList<(NeuronId Id, int[] Units)> wanted, double from, double to)
    {
        Dictionary<int, int> lengths = [];
        foreach (int unit in wanted.SelectMany(memory => memory.Units).Distinct().Order())
        {
            run.Cancellation.ThrowIfCancellationRequested();
            lengths.Add(unit, run.Study.Unit(unit).Tokens.Length);
        }

        CoefficientStore store = new(folder, wanted, lengths, model.Spec);
        try
        {
            using UnitPasses passes = new(run, model);
            folder.Guarded(() => passes.Run(store.Units, store, "running texts", from, to));
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The tokens of a unit as text: what each is the first to cover, so that they add up to the unit's text where one character takes several tokens; a token
    /// that stands for no text, such as BOS, is what it decodes to.
    /// </summary>
    public static string[] Tokens(Study study, StudyUnit unit) => Tokens(study, unit, 0, unit.Tokens.Length);

    /// <summary>The same of the tokens [<paramref name="from"/>, <paramref name="to"/>).</summary>
    public static string[] Tokens(Study study, StudyUnit unit, int from, int to)
    {
        string[] tokens = new string[to - from];
        int covered = from == 0 ? 0 : TriggerText.EndOf(unit, from - 1);
        for (int position = from; position < to; position++)
        {
            TokenSpan span = unit.Spans[position];
            tokens[position - from] = span.IsEmpty ? study.TokenPiece(unit.Tokens[position]) ?? string.Empty
                : span.End <= covered ? string.Empty
                : unit.Text[TriggerText.Utf16Index(unit.Text, Math.Max(span.Start, covered))..TriggerText.Utf16Index(unit.Text, span.End)];
            covered = Math.Max(covered, span.End);
        }

        return tokens;
    }
}
