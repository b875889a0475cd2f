namespace Keyhole.Mining;

/// <summary>How often a run writes what it could go on from.</summary>
/// <param name="IsOn">Whether it does at all.</param>
/// <param name="Seconds">Seconds from one checkpoint to the next; null for at least 60, and so many that checkpoints take less than 1% of the time.</param>
public readonly record struct CheckpointInterval(bool IsOn, double? Seconds = null)
{
    /// <summary>No checkpoints: a run that stops leaves nothing.</summary>
    public static CheckpointInterval None => default;

    /// <summary>As often as costs little.</summary>
    public static CheckpointInterval Automatic => new(true);

    /// <summary>At least so often.</summary>
    /// <param name="seconds">Seconds; 0 for after every chunk.</param>
    public static CheckpointInterval Every(double seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        return new CheckpointInterval(true, seconds);
    }
}
