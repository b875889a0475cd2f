namespace Keyhole.Annotations;

/// <summary>What an import of annotations did.</summary>
/// <param name="MadeProject">Whether the study had no project, and has that of the file now.</param>
/// <param name="Added">Annotations that the study did not have.</param>
/// <param name="Replaced">Annotations in place of older ones.</param>
/// <param name="Same">Annotations that the study had already.</param>
/// <param name="Older">Annotations of which the study has a later one, which stays.</param>
/// <param name="Labels">Free labels that the study did not have.</param>
public sealed record ImportResult(bool MadeProject, int Added, int Replaced, int Same, int Older, int Labels);
