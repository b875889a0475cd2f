namespace Keyhole.Verification.Studies;

/// <summary>What was found out about a study.</summary>
/// <param name="Checks">What was checked, in order.</param>
/// <param name="UnitsMined">Units that were mined again.</param>
/// <param name="Units">Units of the study.</param>
public sealed record StudyVerdict(IReadOnlyList<StudyCheck> Checks, long UnitsMined, long Units)
{
    /// <summary>Whether nothing failed.</summary>
    public bool IsVerified => Checks.All(check => check.Failures == 0);
}
