namespace Keyhole.Corpora;

/// <summary>The reader for a file of a given format and kind of unit.</summary>
internal static class FileReaders
{
    public static FileReader Create(CorpusInput input, int file, CorpusOptions options, CorpusTally tally)
        => options.Unit == UnitKind.Document
            ? new PlainDocumentReader(input, file, tally)
            : new PlainTextReader(input, new UnitCutter(file, options.Unit, tally));
}
