namespace Keyhole.Claiming;

/// <summary>What a test says of a claim.</summary>
public enum ClaimVerdict
{
    /// <summary>Neither end of the claim holds.</summary>
    Neither,

    /// <summary>Where the memory is active, P holds: the lower end of the precision lies above its level.</summary>
    Sufficient,

    /// <summary>Where P holds, the memory is active: the lower end of the recall lies above its level.</summary>
    Necessary,

    /// <summary>Both: the memory fires where P holds, and nowhere else.</summary>
    Both,
}
