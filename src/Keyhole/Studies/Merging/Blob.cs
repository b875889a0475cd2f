namespace Keyhole.Studies.Merging;

/// <summary>Bytes that SQLite holds; valid until the statement that they come from goes on.</summary>
internal readonly unsafe struct Blob(byte* start, int length)
{
    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => new(start, length);
}
