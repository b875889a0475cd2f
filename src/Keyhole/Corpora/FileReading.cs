namespace Keyhole.Corpora;

/// <summary>How far a file of a corpus has been read.</summary>
/// <param name="File">The file, with its length and hash where it was read to its end.</param>
/// <param name="BytesRead">Stored bytes read.</param>
/// <param name="Sha256">SHA-256 of these in lower-case hexadecimal.</param>
public sealed record FileReading(CorpusFile File, long BytesRead, string Sha256);
