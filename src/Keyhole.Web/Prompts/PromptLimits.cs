namespace Keyhole.Web.Prompts;

/// <summary>What may be asked of a prompt at once.</summary>
internal static class PromptLimits
{
    /// <summary>Characters of a prompt.</summary>
    public const int Characters = 20_000;

    /// <summary>Tokens of a prompt, or the model's context where that is shorter.</summary>
    public const int Tokens = 512;

    /// <summary>Interventions.</summary>
    public const int Interventions = 64;

    /// <summary>Characters of one intervention.</summary>
    public const int InterventionCharacters = 8_000;

    /// <summary>Characters of the word to follow.</summary>
    public const int WordCharacters = 200;

    /// <summary>Tokens of each readout.</summary>
    public const int Top = 20;

    /// <summary>Tokens to generate.</summary>
    public const int Generated = 50;

    /// <summary>The highest temperature.</summary>
    public const double Temperature = 5;
}
