namespace Keyhole.Web.Memories;

/// <summary>Bounds of what is asked for a memory's page.</summary>
internal static class MemoryLimits
{
    /// <summary>Triggers of a pole that come at once.</summary>
    public const int Triggers = 100;

    /// <summary>Triggers of a pole that come with the page.</summary>
    public const int FirstTriggers = 25;

    /// <summary>Triggers of a sign case that come with the page.</summary>
    public const int CaseTriggers = 5;

    /// <summary>Tokens of a text that are shown before a position, and the position itself.</summary>
    public const int TokensBefore = 384;

    /// <summary>Tokens of a text that are shown after a position.</summary>
    public const int TokensAfter = 128;

    /// <summary>Texts of a request for coefficients.</summary>
    public const int Texts = 200;

    /// <summary>Tokens of the texts of such a request, where there is more than one.</summary>
    public const int Tokens = 8192;

    /// <summary>Characters of a text of one's own.</summary>
    public const int OwnCharacters = 2000;

    /// <summary>Tokens of a text of one's own.</summary>
    public const int OwnTokens = 512;

    /// <summary>Nearest memories of each kind.</summary>
    public const int Nearest = 10;

    /// <summary>Units that controls are drawn from.</summary>
    public const int ControlUnits = 100;

    /// <summary>Tokens of all of them.</summary>
    public const int ControlTokens = 1536;

    /// <summary>Tokens of the longest of them.</summary>
    public const int ControlUnitTokens = 256;

    /// <summary>Texts of a list of controls.</summary>
    public const int ControlTexts = 8;
}
