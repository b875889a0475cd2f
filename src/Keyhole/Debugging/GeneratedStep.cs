namespace Keyhole.Debugging;

/// <summary>One step of generation, without and with interventions.</summary>
/// <param name="Step">Step, from 0.</param>
/// <param name="Plain">The token without; null where that text has ended.</param>
/// <param name="Changed">The token with; null where that text has ended, or there are no interventions.</param>
public readonly record struct GeneratedStep(int Step, GeneratedToken? Plain, GeneratedToken? Changed);
