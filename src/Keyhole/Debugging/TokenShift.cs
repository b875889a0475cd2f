namespace Keyhole.Debugging;

/// <summary>A token in the final distribution, without and with the interventions. Ranks count from 0, ties at their mean.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Before">Its probability without.</param>
/// <param name="After">Its probability with.</param>
/// <param name="RankBefore">Its rank without.</param>
/// <param name="RankAfter">Its rank with.</param>
public readonly record struct TokenShift(int Token, double Before, double After, double RankBefore, double RankAfter);
