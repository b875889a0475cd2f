namespace Keyhole.Tests.Studies.Merging;

/// <summary>What a <see cref="SyntheticRun"/> is like.</summary>
internal sealed record RunKind(int Layers, int Top, int Distinct, bool ByPre, bool Gated, int Experts, int Units)
{
    /// <summary>Two layers, gated, lists of |m| long enough for all.</summary>
    public static RunKind Signed { get; } = new(Layers: 2, Top: 300, Distinct: 0, ByPre: false, Gated: true, Experts: 0, Units: 40);

    public static RunKind Any(Random random) => new(
        Layers: 1 + random.Next(3),
        Top: 1 + random.Next(6),
        Distinct: random.Next(2) * (1 + random.Next(3)),
        ByPre: random.Next(3) == 0,
        Gated: random.Next(2) == 0,
        Experts: random.Next(3) == 0 ? 2 : 0,
        Units: 2 + random.Next(60));
}
