namespace Keyhole.Engine.Checkpoints;

/// <summary>A GGML storage type.</summary>
/// <param name="Name">GGML's name.</param>
/// <param name="Type">Its storage type; <see cref="StorageType.Unsupported"/> where it is only listed.</param>
/// <param name="Format">Its block size; null where it is not known.</param>
internal sealed record GgmlType(string Name, StorageType Type, StorageFormat? Format);
