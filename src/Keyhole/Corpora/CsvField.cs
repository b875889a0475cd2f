namespace Keyhole.Corpora;

/// <summary>A field of a CSV row.</summary>
/// <param name="Start">Its first byte, quotes aside, from the row's first.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Escapes">Whether it holds doubled quotes.</param>
internal readonly record struct CsvField(int Start, int Length, RawEscapes Escapes);
