using Keyhole.Memories;

namespace Keyhole.Claiming.Passes;

/// <summary>Positions that a screening counts.</summary>
/// <param name="Claim">Number of the claim whose predicate must hold; -1 for all positions.</param>
/// <param name="Values">Where the predicate depends on the memory, which memories a target belongs to; else null.</param>
/// <param name="Pole">Of these the pole.</param>
/// <param name="Top">Of these how many tokens count.</param>
internal sealed record ScreenSlot(int Claim, ValueTopSlots? Values = null, Pole Pole = Pole.Positive, int Top = 0)
{
    /// <summary>All positions.</summary>
    public static ScreenSlot All { get; } = new(-1);
}
