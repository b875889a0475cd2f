namespace Keyhole.Corpora;

/// <summary>The text of a JSON record or CSV row.</summary>
/// <param name="Text">The text, decoded.</param>
/// <param name="Offset">Position in the decompressed file of the bytes that spell it, without quotes.</param>
/// <param name="Raw">These bytes.</param>
/// <param name="Escapes">How they spell it.</param>
internal readonly record struct RecordText(string Text, long Offset, ReadOnlyMemory<byte> Raw, RawEscapes Escapes);
