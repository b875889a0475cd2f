using System.Text;

namespace Keyhole.Corpora;

/// <summary>A line of a text, trimmed, and where its bytes are.</summary>
/// <param name="Text">The line without white space around it.</param>
/// <param name="Offset">Position of the first byte of <paramref name="Text"/> in the decompressed file.</param>
/// <param name="Indent">The number of white-space characters before it.</param>
/// <param name="Raw">The bytes that spell it; may go on after its end. Not needed where nothing is escaped.</param>
/// <param name="Escapes">How they spell it.</param>
internal readonly record struct SourceLine(string Text, long Offset, int Indent, ReadOnlyMemory<byte> Raw, RawEscapes Escapes)
{
    /// <summary>A line of plain text, given by its bytes.</summary>
    public static SourceLine FromPlain(ReadOnlySpan<byte> line, long offset)
    {
        int start = 0;
        int end = line.Length;
        while (start < end && line[start] is (byte)' ' or (byte)'\t') start++;
        while (end > start && line[end - 1] is (byte)' ' or (byte)'\t') end--;
        string text = Encoding.UTF8.GetString(line[start..end]);
        int spaces = text.Length - text.AsSpan().TrimStart().Length;   // the rarer kinds of white space
        string trimmed = text.Trim();
        return new SourceLine(trimmed, offset + start + Encoding.UTF8.GetByteCount(text.AsSpan(0, spaces)), start + spaces, default, RawEscapes.None);
    }
}
