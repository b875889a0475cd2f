namespace Keyhole.Verification;

/// <summary>A model with reference captures beside it.</summary>
/// <param name="Name">Its folder or file.</param>
/// <param name="Path">Its path.</param>
/// <param name="References">Its captures, by name.</param>
public sealed record VerifiableModel(string Name, string Path, IReadOnlyList<string> References);
