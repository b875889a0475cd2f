using Keyhole.Memories;

namespace Keyhole.Exports;

/// <summary>The triggers of a pole as a terminal shows them, best first.</summary>
/// <param name="Pole">The pole.</param>
/// <param name="Lines">Its triggers.</param>
/// <param name="Total">How many the study has, of which <paramref name="Lines"/> may be the first.</param>
public sealed record PoleView(Pole Pole, IReadOnlyList<TriggerLine> Lines, int Total);
