namespace Keyhole.Mutations;

/// <summary>Figure 3 of a layer.</summary>
public sealed record LayerMutation(int Layer, MutationChange First, MutationChange Last, MutationChange Random);
