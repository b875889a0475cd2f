namespace Keyhole.Mining.Sampling;

/// <summary>A random candidate position of a corpus, the same for all memories.</summary>
/// <param name="Hash">What it was drawn by: the smallest are kept.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Position">Its position in the unit.</param>
/// <param name="Target">Id of the next token; -1 where the unit ends there.</param>
internal readonly record struct RandomPosition(ulong Hash, int Unit, int Position, int Target);
