namespace Keyhole.Studies;

/// <summary>A random candidate position of the corpus at which every memory's coefficient is kept.</summary>
/// <param name="Unit">Its unit.</param>
/// <param name="Position">Last position of the prefix, as in a trigger.</param>
/// <param name="Target">Id of the next token; -1 where the unit ends there.</param>
public readonly record struct RandomExample(int Unit, int Position, int Target);
