using Keyhole.Engine;

namespace Keyhole.Annotations;

/// <summary>What became of a save.</summary>
public enum SaveOutcome
{
    /// <summary>It is kept.</summary>
    Saved,

    /// <summary>It was kept before: nothing has changed.</summary>
    Repeated,

    /// <summary>A later or another save of the same revision is kept: this one is not.</summary>
    Older,

    /// <summary>It was refused for what it says.</summary>
    Refused,
}

/// <summary>What became of a save.</summary>
/// <param name="Outcome">What.</param>
/// <param name="Revision">The revision that is kept now; 0 where there is none.</param>
/// <param name="Refusal">Why it was refused; null otherwise.</param>
public sealed record SaveResult(SaveOutcome Outcome, int Revision, InputRefusedException? Refusal = null);
