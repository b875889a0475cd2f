namespace Keyhole.Web.Memories;

/// <summary>Where a memory stands among those of its layer.</summary>
/// <param name="Memories">Memories of the layer in the study.</param>
/// <param name="Percentiles">Share of them below this one, equals counted half, 0 to 1; by statistic.</param>
/// <param name="Agreement">Agreement of the layer's values with their triggers; null where the study has no values.</param>
public sealed record MemoryLayerAnswer(int Memories, IReadOnlyDictionary<string, double> Percentiles, LayerAgreementAnswer? Agreement);

/// <summary>How the values of a layer agree with the targets of their first triggers.</summary>
/// <param name="Agreeing">Poles whose value's first token is that target.</param>
/// <param name="Of">Poles with such a target.</param>
/// <param name="Shuffled">The same share with values paired to the layer's keys at random: its mean over all pairings.</param>
/// <param name="ShuffledLower">Lower end of what 95% of 200 seeded pairings give.</param>
/// <param name="ShuffledUpper">Upper end.</param>
public sealed record LayerAgreementAnswer(long Agreeing, long Of, double Shuffled, double ShuffledLower, double ShuffledUpper);
