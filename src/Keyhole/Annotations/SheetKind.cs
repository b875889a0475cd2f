namespace Keyhole.Annotations;

/// <summary>What a sheet shows; hidden from annotators.</summary>
public enum SheetKind
{
    /// <summary>The best triggers of one memory.</summary>
    True,

    /// <summary>A decoy: random prefixes with the lengths and last tokens of another memory's list.</summary>
    Random,

    /// <summary>A decoy: one trigger of each of many memories of the layer.</summary>
    Mixed,
}
