namespace Keyhole.Web.Prompts;

/// <summary>What the prompt page needs to know before a prompt is typed.</summary>
/// <param name="Model">The model's state: none, loading, ready or refused.</param>
/// <param name="ModelReason">Why the model does not compute; null where it does.</param>
/// <param name="MostCharacters">Most characters of a prompt.</param>
/// <param name="MostTokens">Most tokens of a prompt.</param>
/// <param name="MostInterventions">Most interventions.</param>
/// <param name="MostGenerated">Most tokens to generate.</param>
public sealed record PromptSettings(string Model, string? ModelReason, int MostCharacters, int MostTokens, int MostInterventions, int MostGenerated);
