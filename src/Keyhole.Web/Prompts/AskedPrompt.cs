using System.Globalization;
using Keyhole.Debugging;
using Keyhole.Interventions;
using Keyhole.Studies;
using Keyhole.Web.Serving;
using Microsoft.AspNetCore.Http;

namespace Keyhole.Web.Prompts;

/// <summary>What requests about a prompt have in common: its tokens, a position, interventions, all within bounds.</summary>
internal sealed class AskedPrompt
{
    private AskedPrompt(PromptText prompt, int position, IReadOnlyList<ResolvedIntervention> interventions)
        => (Prompt, Position, Interventions) = (prompt, position, interventions);

    /// <summary>The prompt.</summary>
    public PromptText Prompt { get; }

    /// <summary>The position.</summary>
    public int Position { get; }

    /// <summary>The tokens up to the position.</summary>
    public int[] Prefix => Prompt.Ids[..(Position + 1)];

    /// <summary>The interventions.</summary>
    public IReadOnlyList<ResolvedIntervention> Interventions { get; }

    /// <summary>Refuses what is too much before it waits for the model.</summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="ids">Token ids, or null.</param>
    /// <param name="interventions">Interventions, or null.</param>
    /// <exception cref="RequestRefusedException">KH7108.</exception>
    public static void Check(string? text, IReadOnlyList<int>? ids, IReadOnlyList<string>? interventions)
    {
        Require((text is null) != (ids is null), "A request has either a text or ids.");
        Require((text?.Length ?? 0) <= PromptLimits.Characters, $"A prompt has at most {PromptLimits.Characters} characters.");
        Require((ids?.Count ?? 0) <= PromptLimits.Tokens, $"A prompt has at most {PromptLimits.Tokens} tokens.");
        Require((interventions?.Count ?? 0) <= PromptLimits.Interventions, $"There are at most {PromptLimits.Interventions} interventions at a time.");
        Require(interventions?.All(wish => wish is { Length: <= PromptLimits.InterventionCharacters }) != false, $"An intervention is a text of at most {PromptLimits.InterventionCharacters} characters.");
    }

    /// <summary>Reads a request.</summary>
    /// <param name="text">The text, or null.</param>
    /// <param name="ids">Token ids, or null.</param>
    /// <param name="position">The position; null for the last.</param>
    /// <param name="interventions">Interventions, or null.</param>
    /// <param name="model">The model.</param>
    /// <param name="study">Its study.</param>
    /// <exception cref="RequestRefusedException">KH7108: too many tokens, or no such position.</exception>
    /// <exception cref="Engine.InputRefusedException">KH7101 to KH7104: an intervention; KH7106: no token; KH3007: an id that is not in the vocabulary.</exception>
    public static AskedPrompt Of(string? text, IReadOnlyList<int>? ids, int? position, IReadOnlyList<string>? interventions, LoadedModel model, Study study)
    {
        PromptText prompt = text is null ? PromptText.Of([.. ids!], model.Tokenizer) : PromptText.Of(text, model.Tokenizer, model.Bos);
        int most = Math.Min(PromptLimits.Tokens, model.Model.Spec.ContextLength);
        Require(prompt.Ids.Length <= most, string.Create(CultureInfo.InvariantCulture, $"The prompt has {prompt.Ids.Length} tokens, and at most {most} are read: shorten it."));
        Engine.Models.TokenBatch.OfText(prompt.Ids).RequireFits(model.Model.Spec);
        int at = position ?? prompt.Ids.Length - 1;
        Require((uint)at < (uint)prompt.Ids.Length, string.Create(CultureInfo.InvariantCulture, $"The prompt has positions 0 to {prompt.Ids.Length - 1}, and no position {at}."));
        return new AskedPrompt(prompt, at, [.. (interventions ?? []).Select(wish => Resolve(wish, model, study, at + 1))]);
    }

    /// <summary>Refuses a request unless something holds.</summary>
    /// <param name="holds">Whether it does.</param>
    /// <param name="sentence">What would have to hold.</param>
    /// <exception cref="RequestRefusedException">KH7108.</exception>
    public static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new RequestRefusedException(StatusCodes.Status400BadRequest, "KH7108", sentence);
        }
    }

    private static ResolvedIntervention Resolve(string wish, LoadedModel model, Study study, int tokens)
    {
        ResolvedIntervention resolved = ResolvedIntervention.Of(Intervention.Parse(wish), model.Model.Spec, id => study.Memory(id)?.Statistics);
        resolved.RequireFits(tokens);
        return resolved;
    }
}
