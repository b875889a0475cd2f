namespace Keyhole.Mining;

/// <summary>Whether a text begins with BOS.</summary>
public enum BosPolicy
{
    /// <summary>As the tokenizer itself does.</summary>
    Auto,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
