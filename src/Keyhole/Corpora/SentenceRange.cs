namespace Keyhole.Corpora;

/// <summary>A sentence within a paragraph, without the white space around it.</summary>
/// <param name="Start">Its first UTF-16 code unit.</param>
/// <param name="Length">Its number of UTF-16 code units.</param>
public readonly record struct SentenceRange(int Start, int Length)
{
    /// <summary>The position after its last code unit.</summary>
    public int End => Start + Length;
}
