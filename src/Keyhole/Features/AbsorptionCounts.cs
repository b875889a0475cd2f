namespace Keyhole.Features;

/// <summary>Held-out words by what became of their first letter.</summary>
internal sealed class AbsorptionCounts
{
    /// <summary>Words whose letter the probe finds.</summary>
    public long Found { get; set; }

    /// <summary>Of these, words at which the letter's main memory does not fire.</summary>
    public long Silent { get; set; }

    /// <summary>Of these, words at which another memory carries the letter.</summary>
    public long Absorbed { get; set; }

    /// <summary>Of those that are found, words whose letter the main memory alone does not tell.</summary>
    public long Missed { get; set; }

    /// <summary>Of these, words at which another memory carries the letter.</summary>
    public long MissedAbsorbed { get; set; }
}
