namespace Keyhole.Studies;

/// <summary>A file of the corpus.</summary>
/// <param name="Index">Number in corpus order, from 0.</param>
/// <param name="Path">Path relative to the corpus' root, with forward slashes; <c>-</c> is standard input.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Its hash, 64 small hexadecimal digits.</param>
public sealed record StudyFile(int Index, string Path, long Bytes, string Sha256);
