namespace Keyhole.Patterns;

/// <summary>How a decoy list is made (method, section 7).</summary>
internal enum DecoyKind
{
    /// <summary>Random prefixes of the corpus: of the lengths and last tokens of a memory's list, or of what of these a class of patterns is not about.</summary>
    Random,

    /// <summary>Triggers of random memories of the layer, each at its own rank.</summary>
    Shuffled,
}
