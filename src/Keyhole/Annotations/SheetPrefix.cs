namespace Keyhole.Annotations;

/// <summary>A prefix on a sheet.</summary>
/// <param name="Unit">The text unit in the study.</param>
/// <param name="Position">Last position of the prefix, counted in tokens of the unit from 0.</param>
public readonly record struct SheetPrefix(int Unit, int Position);
