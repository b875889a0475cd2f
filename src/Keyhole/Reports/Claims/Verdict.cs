namespace Keyhole.Reports.Claims;

/// <summary>What this model says to a published claim.</summary>
public enum Verdict
{
    /// <summary>The interval of this model's figure lies where the claim says.</summary>
    Holds,

    /// <summary>The interval lies where the claim says it does not.</summary>
    Fails,

    /// <summary>Nothing was measured, people would have to read, or the interval holds both answers.</summary>
    CannotBeTested,
}
