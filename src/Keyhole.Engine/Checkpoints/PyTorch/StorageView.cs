namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>A storage, or a part of one as very old files have it.</summary>
/// <param name="Storage">The storage.</param> <param name="Start">First element of the part.</param> <param name="Count">Elements of the part.</param>
internal sealed record StorageView(PyTorchStorage Storage, long Start, long Count);
