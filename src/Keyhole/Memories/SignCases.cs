namespace Keyhole.Memories;

/// <summary>How often each combination of signs of gate and linear part occurred in a gated memory; plus means above zero, minus the rest.</summary>
/// <param name="GatePlusInPlus">Positions with gate+ in+.</param>
/// <param name="GatePlusInMinus">Positions with gate+ in-.</param>
/// <param name="GateMinusInPlus">Positions with gate- in+.</param>
/// <param name="GateMinusInMinus">Positions with gate- in-.</param>
public readonly record struct SignCases(long GatePlusInPlus, long GatePlusInMinus, long GateMinusInPlus, long GateMinusInMinus)
{
    /// <summary>All positions counted.</summary>
    public long Total => GatePlusInPlus + GatePlusInMinus + GateMinusInPlus + GateMinusInMinus;

    /// <summary>The cases with the names that outputs give them, in their order.</summary>
    public IEnumerable<(string Name, long Count)> Named()
        => [("gate+in+", GatePlusInPlus), ("gate+in-", GatePlusInMinus), ("gate-in+", GateMinusInPlus), ("gate-in-", GateMinusInMinus)];

    /// <summary>Adds case by case.</summary>
    /// <param name="a">Counts.</param>
    /// <param name="b">Counts.</param>
    public static SignCases operator +(SignCases a, SignCases b) => new(
        checked(a.GatePlusInPlus + b.GatePlusInPlus),
        checked(a.GatePlusInMinus + b.GatePlusInMinus),
        checked(a.GateMinusInPlus + b.GateMinusInPlus),
        checked(a.GateMinusInMinus + b.GateMinusInMinus));
}
