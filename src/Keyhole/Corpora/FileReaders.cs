namespace Keyhole.Corpora;

/// <summary>The reader for a file, by its format and the kind of unit.</summary>
internal static class FileReaders
{
    public static FileReader Create(CorpusInput input, int file, bool isStandardInput, CorpusOptions options, CorpusTally tally)
    {
        input.Begin();
        TextCheck.Begin(input);
        CorpusFormat format = options.Format != CorpusFormat.Auto ? options.Format : isStandardInput ? Sniff(input) : ByName(input.Name);
        switch (format)
        {
            case CorpusFormat.Json:
                RecordCutter json = new(file, options.Unit, tally);
                return BeginsWith(input, "["u8) ? new JsonArrayReader(input, json, options.TextField) : new JsonLinesReader(input, json, options.TextField, tally);
            case CorpusFormat.Csv or CorpusFormat.Tsv:
                return new CsvReader(input, new RecordCutter(file, options.Unit, tally), format == CorpusFormat.Csv ? (byte)',' : (byte)'\t', options.TextField, tally);
            default:
                return options.Unit == UnitKind.Document
                    ? new PlainDocumentReader(input, file, tally)
                    : new PlainTextReader(input, new UnitCutter(file, options.Unit, tally));
        }
    }

    private static CorpusFormat ByName(string name)
    {
        ReadOnlySpan<char> stem = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name.AsSpan(0, name.Length - 3) : name;
        bool Ends(ReadOnlySpan<char> path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
        return Ends(stem, ".jsonl") || Ends(stem, ".ndjson") || Ends(stem, ".json") ? CorpusFormat.Json
            : Ends(stem, ".csv") ? CorpusFormat.Csv
            : Ends(stem, ".tsv") ? CorpusFormat.Tsv
            : CorpusFormat.Text;
    }

    private static CorpusFormat Sniff(CorpusInput input) => BeginsWith(input, "{\""u8) ? CorpusFormat.Json : CorpusFormat.Text;

    /// <summary>Whether the file begins so, white space aside.</summary>
    private static bool BeginsWith(CorpusInput input, ReadOnlySpan<byte> mark)
    {
        int at = 0;
        foreach (byte expected in mark)
        {
            while (true)
            {
                while (at < input.Window.Length && input.Window[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') at++;
                if (at < input.Window.Length || !input.Fill("file")) break;
            }

            if (at == input.Window.Length || input.Window[at++] != expected) return false;
        }

        return true;
    }
}
