using System.Text;

namespace Keyhole.Corpora;

/// <summary>A plain text file as one document: all of it but a byte order mark and one line end at its end.</summary>
internal sealed class PlainDocumentReader(CorpusInput input, int file, CorpusTally tally) : FileReader
{
    public override bool Read(List<TextUnit> units)
    {
        while (input.Fill("document"))
        {
        }

        ReadOnlySpan<byte> bytes = input.Window;
        TextCheck.Require(input.Name, bytes, input.Offset);
        if (bytes.EndsWith("\n"u8)) bytes = bytes[..^1];
        if (bytes.EndsWith("\r"u8)) bytes = bytes[..^1];
        string text = Encoding.UTF8.GetString(bytes);
        if (string.IsNullOrWhiteSpace(text)) tally.BlankLines++;
        else units.Add(new TextUnit(file, input.Offset, bytes.Length, text));
        return false;
    }
}
