namespace Keyhole.Corpora;

/// <summary>A unit that a sample took.</summary>
/// <param name="Number">Its number in the corpus, from 0.</param>
/// <param name="Unit">The unit.</param>
public readonly record struct SampledUnit(long Number, TextUnit Unit);
