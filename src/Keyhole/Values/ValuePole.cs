namespace Keyhole.Values;

/// <summary>A value beside the trigger examples of one pole. On the negative pole argmin replaces argmax, and ranks count from the bottom.</summary>
/// <remarks>Ids are -1 and numbers NaN where there is no trigger, or the trigger has no target.</remarks>
public sealed record ValuePole
{
    /// <summary>A pole without a trigger.</summary>
    public static ValuePole None { get; } = new();

    /// <summary>Token after the prefix of the top-1 trigger.</summary>
    public int Target { get; init; } = -1;

    /// <summary>Last token of that prefix.</summary>
    public int Current { get; init; } = -1;

    /// <summary>Rank of <see cref="Target"/> in p, from 0, ties at their mean.</summary>
    public double TargetRank { get; init; } = double.NaN;

    /// <summary>p of <see cref="Target"/>.</summary>
    public double TargetProbability { get; init; } = double.NaN;

    /// <summary>Rank of <see cref="Current"/> in p, from 0, ties at their mean.</summary>
    public double CurrentRank { get; init; } = double.NaN;

    /// <summary>Whether argmax p is the target; null without one.</summary>
    public bool? Agrees { get; init; }

    /// <summary>Whether argmax p is the current token; null without a trigger that has a target.</summary>
    public bool? AgreesWithCurrent { get; init; }

    /// <summary>The model's own top token after the prefix of the top-1 trigger.</summary>
    public int ModelTop { get; init; } = -1;

    /// <summary>The model's own probability of the target there.</summary>
    public double ModelTargetProbability { get; init; } = double.NaN;

    /// <summary>Whether argmax p is the model's own top token; null without one.</summary>
    public bool? AgreesWithModel { get; init; }

    /// <summary>Of the first 50 triggers those that have a target.</summary>
    public int PrecisionTriggers { get; init; }

    /// <summary>Of these, those whose target is argmax p.</summary>
    public int PrecisionHits { get; init; }

    /// <summary>precision@50; NaN without a trigger that has a target.</summary>
    public double Precision => PrecisionTriggers == 0 ? double.NaN : (double)PrecisionHits / PrecisionTriggers;
}
