using System.Globalization;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Interventions;

namespace Keyhole.Debugging;

/// <summary>The texts of one pass: the prefix that is read, the prefix with interventions where there are any, and the whole prompt where it goes on behind the prefix.</summary>
internal sealed class PromptRuns
{
    private readonly int _prefix;

    /// <param name="question">The question.</param>
    public PromptRuns(PromptQuestion question)
    {
        int[] ids = question.Ids.ToArray();
        int[] prefix = ids[..(question.Position + 1)];
        _prefix = prefix.Length;
        Read = question.Interventions.Count == 0 ? 1 : 2;
        Batch = TextBlocks.Pack([.. Enumerable.Repeat(prefix, Read), .. prefix.Length == ids.Length ? Array.Empty<int[]>() : [ids]]);
    }

    /// <summary>Texts that are read at every layer: the prefix, and the one with interventions.</summary>
    public int Read { get; }

    /// <summary>All texts.</summary>
    public TokenBatch Batch { get; }

    /// <summary>The row where a position of the prompt is run without interventions.</summary>
    public int RowOf(int position) => position < _prefix ? position : Batch.Start(Read) + position;

    /// <summary>What is said of a pass that gave NaN or infinity.</summary>
    /// <param name="failure">Where it did.</param>
    /// <param name="model">The model.</param>
    /// <param name="changed">Whether it did so with interventions.</param>
    public static InputRefusedException Refused(NotFiniteException failure, Model model, bool changed) => changed
        ? new("KH7105", string.Create(CultureInfo.InvariantCulture, $"with these interventions layer {failure.Layer} gives NaN or infinity: set smaller coefficients."), failure)
        : new("KH5304", string.Create(CultureInfo.InvariantCulture, $"{model.Path}: layer {failure.Layer} gives NaN or infinity on the prompt. The weights hold such values, or overflow on this text; nothing is made of them."), failure);

    /// <summary>The changes of the second text; null for none.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="question">The question.</param>
    /// <exception cref="InputRefusedException">KH7104: an intervention names a position that is not in the prefix.</exception>
    public CoefficientChanges? Changes(ModelSpec spec, PromptQuestion question)
    {
        foreach (ResolvedIntervention intervention in question.Interventions)
        {
            intervention.RequireFits(_prefix);
        }

        return Read == 1 ? null : new CoefficientChanges(spec, question.Interventions.SelectMany(intervention => intervention.Changes(Batch.Start(1), _prefix, _prefix)));
    }
}
