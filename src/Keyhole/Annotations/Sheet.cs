using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Annotations;

/// <summary>One list of prefixes that annotators look for patterns in. Only its id and the texts of its prefixes are shown to them.</summary>
public sealed class Sheet
{
    /// <summary>20 hexadecimal digits that tell nothing of what the sheet is: a keyed hash of its number.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it is a memory's list, or a decoy and of which kind.</summary>
    public required SheetKind Kind { get; init; }

    /// <summary>The layer, of a decoy the one that it was made for.</summary>
    public required int Layer { get; init; }

    /// <summary>The memory; null for a decoy.</summary>
    public NeuronId? Memory { get; init; }

    /// <summary>The pole of the memory's list.</summary>
    public Pole Pole { get; init; }

    /// <summary>The prefixes in the order in which they are shown, which is not that of their coefficients.</summary>
    public required ImmutableArray<SheetPrefix> Prefixes { get; init; }
}
