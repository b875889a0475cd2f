using Keyhole.Debugging;
using Keyhole.Engine.Models;
using Keyhole.Interventions;
using Keyhole.Web.Memories;

namespace Keyhole.Web.Prompts;

/// <summary>Puts what the debugger found into answers.</summary>
internal static class PromptAnswers
{
    /// <summary>The answer to a question.</summary>
    /// <param name="prompt">What was asked.</param>
    /// <param name="read">What was found.</param>
    /// <param name="chosen">The token to follow that was asked for, and whether it is the first of several; null without.</param>
    /// <param name="spec">The model.</param>
    /// <param name="texts">Texts of its tokens.</param>
    /// <param name="computeMs">Milliseconds that it took.</param>
    public static PromptAnswer Of(AskedPrompt prompt, DebuggedPrompt read, (int Token, bool IsCut)? chosen, ModelSpec spec, TokenTexts texts, double computeMs) => new()
    {
        Tokens = [.. prompt.Prompt.Ids.Zip(read.Predictions, (id, next) => new PromptTokenAnswer(id, texts.Of(id), Of(next, texts)))],
        Position = read.Position,
        Chosen = new ChosenAnswer(read.Chosen, texts.Of(read.Chosen), chosen is null, chosen?.IsCut ?? false),
        Readout = Word(read.Readout),
        Notes = PromptDebugger.Notes(spec),
        Layers = [.. read.Layers.Select(layer => new LayerAnswer(
            layer.Layer,
            Word(layer.Reading.Step),
            Of(layer.Reading.R, texts),
            Of(layer.Reading.Y, texts),
            Of(layer.Reading.O, texts),
            layer.Strength,
            [.. layer.Memories.Select(memory => Of(memory, texts))]))],
        Output = Of(read.Output, texts),
        Entropy = read.Entropy,
        Effect = read.Effect is { } effect ? Of(effect, texts) : null,
        ComputeMs = computeMs,
    };

    private static EffectAnswer Of(InterventionEffect effect, TokenTexts texts) => new()
    {
        Applied = [.. effect.Applied.Select(Of)],
        Divergence = effect.Divergence,
        Tokens = [.. effect.Tokens.Select(shift => Of(shift, texts))],
        Chosen = Of(effect.Chosen, texts),
        Layers = [.. effect.Layers.Select(layer => new ChangedLayerAnswer(Word(layer.Step), Of(layer.R, texts), Of(layer.Y, texts), Of(layer.O, texts)))],
        Output = Of(effect.Output, texts),
    };

    private static AppliedAnswer Of(AppliedIntervention applied)
    {
        ResolvedIntervention made = applied.Intervention;
        return new AppliedAnswer(made.Wish.ToString(), made.Wish.Memory.ToString(), Word(made.Operation), made.Value, applied.Before, applied.After);
    }

    private static DominantMemoryAnswer Of(DominantMemory memory, TokenTexts texts) => new(
        memory.Id.ToString(),
        memory.Coefficient,
        memory.Id.Expert < 0 ? null : memory.RouterWeight,
        memory.Strength,
        memory.Share,
        [.. memory.Tokens.Select(token => new ValueTokenAnswer(token.Token, texts.Of(token.Token), token.Logit))]);

    private static StateAnswer Of(ReadVector read, TokenTexts texts)
        => new([.. read.Top.Select(token => Of(token, texts))], read.ChosenRank, read.Chosen.Probability, read.Chosen.Logit);

    private static TokenAnswer Of(ReadToken token, TokenTexts texts) => new(token.Token, texts.Of(token.Token), token.Logit, token.Probability);

    private static ShiftAnswer Of(TokenShift shift, TokenTexts texts) => new(shift.Token, texts.Of(shift.Token), shift.Before, shift.After, shift.RankBefore, shift.RankAfter);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
