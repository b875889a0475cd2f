namespace Keyhole.Corpora;

/// <summary>One file of a corpus.</summary>
/// <param name="Index">Its place in the corpus, from 0.</param>
/// <param name="RelativePath">Its name without the place of the corpus on this machine, with <c>/</c>: the file's own name, or the folder's name and the path below it.</param>
/// <param name="Bytes">Its length as stored (compressed, if it is); of standard input, the bytes read so far.</param>
/// <param name="Sha256">SHA-256 of the stored bytes in lower-case hexadecimal; null until it was read to its end.</param>
public sealed record CorpusFile(int Index, string RelativePath, long Bytes, string? Sha256);
