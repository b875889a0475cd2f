using Keyhole.Memories;

namespace Keyhole.Annotations;

/// <summary>What somebody says that a memory stands for: a pattern of a blind sheet, or a free label given on the memory's own page.</summary>
/// <param name="Number">Its number in the study.</param>
/// <param name="Memory">The memory.</param>
/// <param name="Pole">The pole of the sheet; null for a free label.</param>
/// <param name="Annotator">Who says it.</param>
/// <param name="Text">What.</param>
/// <param name="Kind">Shallow, syntactic or semantic.</param>
/// <param name="Covered">Prefixes of the sheet that show it, and how many the sheet has; null for a free label.</param>
/// <param name="Saved">When it was saved, UTC.</param>
public sealed record Label(long Number, NeuronId Memory, Pole? Pole, string Annotator, string Text, PatternKind Kind, (int Prefixes, int Of)? Covered, DateTime Saved)
{
    /// <summary>Whether it was given on a blind sheet.</summary>
    public bool IsBlind => Covered is not null;
}
