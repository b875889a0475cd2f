using Keyhole.Statistics;

namespace Keyhole.Values;

/// <summary>How the values of one layer agree with their memories' triggers (method, section 3; figures 4 and 5). A gated memory counts once for each pole that has such a trigger.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Memories">Memories of the layer that were mined.</param>
/// <param name="Agreement">Share whose argmax is the target of their top-1 trigger, of those with such a target.</param>
/// <param name="WithCurrent">The same for the prefix's last token, which a layer may echo.</param>
/// <param name="WithModel">The same for the model's own top token after that prefix.</param>
/// <param name="Shuffled">The agreement rate with values paired to the layer's keys at random: its mean over all pairings, with the interval that 95% of 200 seeded ones fall into.</param>
/// <param name="Chance">1 / V.</param>
/// <param name="TargetRank">Quartiles of the target's rank.</param>
/// <param name="CurrentRank">Quartiles of the current token's rank.</param>
public sealed record LayerAgreement(int Layer, long Memories, Share Agreement, Share WithCurrent, Share WithModel, Estimate Shuffled, double Chance, Quartiles TargetRank, Quartiles CurrentRank);
