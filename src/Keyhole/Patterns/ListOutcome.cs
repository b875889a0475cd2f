namespace Keyhole.Patterns;

/// <summary>A list held against decoys: what may turn out to be found in it once all lists are known.</summary>
/// <param name="List">The memory's list; null of a decoy.</param>
/// <param name="Prefixes">Prefixes.</param>
/// <param name="Evidence">Prefixes that are no copies.</param>
/// <param name="Apparent">Prefixes that seem to share something (<see cref="ScoredList.Apparent"/>).</param>
/// <param name="P">The smallest p-value; 1 where nothing is shared, NaN where the list is too short.</param>
/// <param name="Candidates">What has a p-value of at most the rate asked for, with it.</param>
internal sealed record ListOutcome(ListName? List, int Prefixes, int Evidence, int Apparent, double P, IReadOnlyList<TestedPattern> Candidates);
