namespace Keyhole.Verification;

/// <summary>A model beside one reference capture.</summary>
/// <param name="File">The file.</param>
/// <param name="Tokens">T, the tokens that were run.</param>
/// <param name="Compared">One entry a tensor, in the order in which sites are computed; at least one.</param>
/// <param name="LeftOut">The tensors that are not compared.</param>
public sealed record ReferenceResult(string File, int Tokens, IReadOnlyList<SiteDifference> Compared, IReadOnlyList<LeftOut> LeftOut)
{
    /// <summary>The tensor with the largest relative difference; one with NaN comes before all.</summary>
    public SiteDifference Worst => Compared.MaxBy(site => double.IsNaN(site.Relative) ? double.PositiveInfinity : site.Relative)!;

    /// <summary>Whether every compared tensor is within a tolerance relative to its largest value.</summary>
    public bool IsWithin(double tolerance) => Compared.All(site => site.Relative <= tolerance);
}
