namespace Keyhole.Corpora;

/// <summary>One unit of a corpus. Units are numbered from 0 in the order they are read.</summary>
/// <param name="File">Index of its file.</param>
/// <param name="Offset">Position of its first byte in the (decompressed) file.</param>
/// <param name="Length">The number of bytes that hold it there, escapes of JSON and CSV included.</param>
/// <param name="Text">The text. In plain text it equals the bytes, except that a line end inside a hard-wrapped sentence reads as one space.</param>
public readonly record struct TextUnit(int File, long Offset, int Length, string Text);
