namespace Keyhole.Mutations;

/// <summary>Figure 3 at one layer.</summary>
public sealed record LayerMutations
{
    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>The first token (after BOS) dropped.</summary>
    public required MutationEffect First { get; init; }

    /// <summary>The last token dropped.</summary>
    public required MutationEffect Last { get; init; }

    /// <summary>One token dropped at random.</summary>
    public required MutationEffect Random { get; init; }
}
