namespace Keyhole.Studies;

/// <summary>A block of units as a study stores it.</summary>
/// <param name="FirstUnit">Index of its first unit.</param>
/// <param name="LastUnit">Index of its last unit.</param>
/// <param name="Units">Units in it.</param>
/// <param name="Tokens">Tokens of these.</param>
/// <param name="RawBytes">Bytes before compression.</param>
/// <param name="Zlib">The compressed bytes.</param>
internal sealed record PackedUnits(int FirstUnit, int LastUnit, int Units, long Tokens, int RawBytes, byte[] Zlib);
