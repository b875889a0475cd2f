using System.Collections.Immutable;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Claiming.Passes;

/// <summary>The tokens that values promote most, on the negative pole those that they demote most, read as the study's values are: folded where it has none.</summary>
internal sealed class ValueEndTokens
{
    private readonly IReadOnlyDictionary<NeuronId, ValueRecord> _values;

    private ValueEndTokens(IReadOnlyDictionary<NeuronId, ValueRecord> values) => _values = values;

    /// <summary>The readout of a study's values.</summary>
    public static Readout ReadoutOf(Study study)
        => AnalysisSections.Read(study, AnalysisSections.Values)?.GetValueOrDefault("readout") == "raw" ? Readout.Raw : Readout.Folded;

    /// <summary>Reads values: those that the study keeps, where it keeps as many tokens of all of them, else the model's.</summary>
    /// <param name="study">The study.</param>
    /// <param name="model">Its model.</param>
    /// <param name="memories">The memories, in order.</param>
    /// <param name="top">Tokens of each.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    public static ValueEndTokens Read(Study study, Model model, IReadOnlyList<NeuronId> memories, int top, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<ValueRecord>? stored = memories.Count > 1 ? ValueTable.Read(study) : null;
        int tokens = Math.Min(top, model.Spec.VocabularySize);
        if (stored?.Where(value => value.Top.Length >= tokens).ToDictionary(value => value.Id) is { } known && memories.All(known.ContainsKey))
        {
            return new ValueEndTokens(known);
        }

        var none = new PoleTriggers(null, []);
        var options = new ValueOptions { Readout = ReadoutOf(study), Top = tokens, Threads = threads };
        return new ValueEndTokens(ValueAnalysis.Run(model, [.. memories.Select(id => new MemoryTriggers(id, none, null))], options, progress, cancellation).ToDictionary(value => value.Id));
    }

    /// <summary>The first tokens of a memory's value.</summary>
    /// <param name="memory">The memory.</param>
    /// <param name="pole">Its pole.</param>
    /// <param name="top">How many.</param>
    public IEnumerable<int> Of(NeuronId memory, Pole pole, int top)
    {
        ImmutableArray<TokenLogit> tokens = pole == Pole.Positive ? _values[memory].Top : _values[memory].Bottom;
        return tokens.Take(top).Select(token => token.Token);
    }
}
