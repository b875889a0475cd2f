namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>A Python object that is not made: what a pickle does to it is ignored.</summary>
/// <param name="Kind">Name of its class or of the function that would make it.</param>
internal sealed record PickleOpaque(string Kind);
