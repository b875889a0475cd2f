using System.Collections.Immutable;

namespace Keyhole.Engine.Checkpoints;

/// <summary>A tensor that is going to be written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">A type without blocks: F32, F16, BF16, F64, whole numbers, Bool.</param>
/// <param name="Shape">Row-major, outermost dimension first; empty for a scalar.</param>
public sealed record TensorDeclaration(string Name, StorageType Type, ImmutableArray<long> Shape);
