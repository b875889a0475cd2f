namespace Keyhole.Corpora;

/// <summary>Where a file of a corpus is on this machine.</summary>
/// <param name="FullPath">Its absolute path; null for standard input.</param>
/// <param name="RelativePath">Its name in the corpus.</param>
internal readonly record struct CorpusSource(string? FullPath, string RelativePath);
