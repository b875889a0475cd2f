namespace Keyhole.Corpora;

/// <summary>How the bytes of a file spell a text.</summary>
internal enum RawEscapes
{
    /// <summary>As they are.</summary>
    None,

    /// <summary>With the backslash escapes of a JSON string.</summary>
    Json,

    /// <summary>With every quote doubled, as in a quoted CSV field.</summary>
    CsvQuotes,
}
