namespace Keyhole.Corpora;

/// <summary>How the bytes of a corpus file (after decompression) hold its texts.</summary>
public enum CorpusFormat
{
    /// <summary>By the file's name (a <c>.gz</c> at its end aside); standard input is JSON lines if it begins with <c>{"</c>, else plain text.</summary>
    Auto,

    /// <summary>Plain text, UTF-8.</summary>
    Text,

    /// <summary>One JSON object or string a line, or one array of them: <c>.jsonl</c>, <c>.ndjson</c>, <c>.json</c>.</summary>
    Json,

    /// <summary>Comma-separated rows with a header (RFC 4180): <c>.csv</c>.</summary>
    Csv,

    /// <summary>The same with tabs: <c>.tsv</c>.</summary>
    Tsv,
}
