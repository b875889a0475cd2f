namespace Keyhole.Patterns;

/// <summary>The outcomes of a layer.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Real">Of its memories' lists, in the study's order.</param>
/// <param name="Random">Of decoys that are random prefixes.</param>
/// <param name="Shuffled">Of decoys that are shuffled triggers.</param>
internal sealed record LayerOutcome(int Layer, ListOutcome[] Real, ListOutcome[] Random, ListOutcome[] Shuffled);
