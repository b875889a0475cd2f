using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Statistics;
using Keyhole.Studies;

namespace Keyhole.Mining.Nulls;

/// <summary>The memories of a model beside a null, layer by layer: is the basis of neurons special (method, section 7)?</summary>
/// <param name="Kind">The null.</param>
/// <param name="Layers">The layers, ascending.</param>
public sealed record NullComparison(NullKind Kind, IReadOnlyList<LayerAgainstNull> Layers)
{
    private const ulong Seed = 0;

    /// <summary>Compares two studies.</summary>
    /// <param name="memories">The study of the memories.</param>
    /// <param name="nullStudy">The study of a null that was mined with it.</param>
    /// <exception cref="InputRefusedException">KH7504: the second is no null of the first; KH5105: a study is damaged.</exception>
    public static NullComparison Of(Study memories, Study nullStudy)
    {
        ArgumentNullException.ThrowIfNull(memories);
        ArgumentNullException.ThrowIfNull(nullStudy);
        (StudyProvenance from, StudyProvenance other) = (memories.Provenance, nullStudy.Provenance);
        if (NullStudy.KindOf(memories) is not null || NullStudy.KindOf(nullStudy) is not { } kind
            || (from.WeightsSha256, from.CorpusSha256, from.Candidates) != (other.WeightsSha256, other.CorpusSha256, other.Candidates))
        {
            throw new InputRefusedException("KH7504", $"{nullStudy.FilePath}: this is no null of {memories.FilePath}: a study is expected that 'mine --null' wrote from the same model over the same corpus.");
        }

        return new NullComparison(kind, [.. StudyMemories.LayersOf(memories).Select(layer => LayerAgainstNull.Of(layer, StudyMemories.StatisticsOf(memories, layer), StudyMemories.StatisticsOf(nullStudy, layer), Seed))]);
    }
}

/// <summary>Medians over the memories of one layer and over its null's, with 95% intervals by bootstrap over memories.</summary>
/// <param name="Layer">The layer, from 0.</param>
/// <param name="Kurtosis">Excess kurtosis of the memories' coefficients; those whose coefficient is constant leave N.</param>
/// <param name="NullKurtosis">The null's.</param>
/// <param name="Sparseness">Lifetime sparseness of the memories' |m| (<see cref="LifetimeSparseness"/>).</param>
/// <param name="NullSparseness">The null's.</param>
public sealed record LayerAgainstNull(int Layer, Estimate Kurtosis, Estimate NullKurtosis, Estimate Sparseness, Estimate NullSparseness)
{
    /// <summary>Whether the interval of the memories' kurtosis lies above the null's.</summary>
    public bool KurtosisIsAbove => Kurtosis.Interval.Lower > NullKurtosis.Interval.Upper;

    /// <summary>Whether the interval of the memories' sparseness lies above the null's.</summary>
    public bool SparsenessIsAbove => Sparseness.Interval.Lower > NullSparseness.Interval.Upper;

    internal static LayerAgainstNull Of(int layer, IEnumerable<NeuronStatistics> memories, IEnumerable<NeuronStatistics> nulls, ulong seed)
    {
        (Estimate kurtosis, Estimate sparseness) = Medians(memories, seed);
        (Estimate nullKurtosis, Estimate nullSparseness) = Medians(nulls, seed);
        return new LayerAgainstNull(layer, kurtosis, nullKurtosis, sparseness, nullSparseness);
    }

    private static (Estimate Kurtosis, Estimate Sparseness) Medians(IEnumerable<NeuronStatistics> statistics, ulong seed)
    {
        var kurtosis = new List<double>();
        var sparseness = new List<double>();
        foreach (NeuronStatistics memory in statistics)
        {
            kurtosis.Add(memory.ExcessKurtosis);
            sparseness.Add(LifetimeSparseness.Of(memory));
        }

        return (Bootstrap.Median([.. kurtosis], seed), Bootstrap.Median([.. sparseness], seed));
    }
}
