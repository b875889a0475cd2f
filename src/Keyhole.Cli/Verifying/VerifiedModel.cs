using Keyhole.Verification;

namespace Keyhole.Cli.Verifying;

/// <summary>A model of a folder beside all its captures.</summary>
/// <param name="Name">Its folder or file.</param>
/// <param name="Family">Its family; null where the model was refused.</param>
/// <param name="Results">One entry a capture; empty where something was refused.</param>
/// <param name="Refusal">What could not be run and why; null where all was.</param>
internal sealed record VerifiedModel(string Name, string? Family, IReadOnlyList<ReferenceResult> Results, FailureReport? Refusal)
{
    /// <summary>Tensors compared, over all captures.</summary>
    public int Compared => Results.Sum(result => result.Compared.Count);

    /// <summary>Tensors that are not compared, over all captures.</summary>
    public int LeftOut => Results.Sum(result => result.LeftOut.Count);

    /// <summary>The capture with the worst tensor; null where nothing was compared.</summary>
    public ReferenceResult? Worst => Results.MaxBy(result => double.IsNaN(result.Worst.Relative) ? double.PositiveInfinity : result.Worst.Relative);

    /// <summary>Whether everything was run, and every compared tensor is within the tolerance.</summary>
    public bool IsWithin(double tolerance) => Refusal is null && Results.All(result => result.IsWithin(tolerance));
}
