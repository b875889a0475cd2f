using System.Collections.Immutable;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>A tensor of a pickle: a view of a storage, which it lies in (this is checked when it is made).</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Kind">What its elements are.</param>
/// <param name="ByteStart">Its first byte, from the storage's.</param>
/// <param name="Shape">Row-major, outermost dimension first.</param>
/// <param name="Strides">Elements from one index to the next, for each dimension; default where the elements lie side by side in row-major order.</param>
internal sealed record PyTorchTensor(PyTorchStorage Storage, ElementKind Kind, long ByteStart, ImmutableArray<long> Shape, ImmutableArray<long> Strides);
