namespace Keyhole.Corpora;

/// <summary>The running counts of one reading.</summary>
internal sealed class CorpusTally
{
    public long Units;
    public long Records;
    public long BlankLines;
    public long Headings;
    public long WrappedParagraphs;
    public long Characters;
    public long TextBytes;

    public void Count(in TextUnit unit)
    {
        Units++;
        Characters += unit.Text.Length;
        TextBytes += unit.Length;
    }

    public CorpusCounts Snapshot() => new(Units, Records, BlankLines, Headings, WrappedParagraphs, Characters, TextBytes);
}
