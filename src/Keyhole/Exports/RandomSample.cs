namespace Keyhole.Exports;

/// <summary>Units drawn at random for one memory.</summary>
/// <param name="Sample">Drawn from all.</param>
/// <param name="Boundaries">The 0.5, 0.9, 0.99 and 0.999 quantiles of its largest coefficient in a unit.</param>
/// <param name="ByQuantile">Drawn from below the first boundary, from between each two, and from the last boundary up.</param>
internal sealed record RandomSample(int[] Sample, double[] Boundaries, int[][] ByQuantile)
{
    /// <summary>Every unit, each once.</summary>
    public IEnumerable<int> Units => Sample.Concat(ByQuantile.SelectMany(units => units)).Distinct();
}
