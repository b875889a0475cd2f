namespace Keyhole.Engine.Tokens;

/// <summary>Ids of the special tokens that files name.</summary>
internal readonly record struct SpecialIds(int? Bos, int? Eos, int? Unknown);
