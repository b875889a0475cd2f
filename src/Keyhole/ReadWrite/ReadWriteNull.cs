using Keyhole.Statistics;

namespace Keyhole.ReadWrite;

/// <summary>How often memories would be of each class if their weights were independent random directions: exact, by <see cref="RandomCosine"/>.</summary>
/// <remarks>Given the value, the cosines of two keys with it are independent, so the share of a class is a product of two tails. Each cosine is of the null whichever of its two vectors is random.</remarks>
/// <param name="dimension">Dimension of the space that the vectors lie in.</param>
public sealed class ReadWriteNull(int dimension)
{
    private readonly double _beyond = RandomCosine.TailProbability(dimension, ReadWriteRecord.Threshold);

    /// <summary>Dimension of the space that the vectors lie in.</summary>
    public int Dimension => dimension;

    /// <summary>95% of random cosines lie between minus this and this.</summary>
    public double Likely { get; } = RandomCosine.Quantile(dimension, 0.975);

    /// <summary>Share of memories that would be of a class.</summary>
    /// <param name="one">The class.</param>
    /// <param name="gated">Whether they have gates.</param>
    public double Share(ReadWriteClass one, bool gated)
    {
        double within = 1 - (2 * _beyond);
        return one switch
        {
            ReadWriteClass.Enrichment or ReadWriteClass.Depletion => gated ? _beyond * 2 * _beyond : _beyond,
            ReadWriteClass.ConditionalEnrichment or ReadWriteClass.ConditionalDepletion => gated ? _beyond * within : 0,
            ReadWriteClass.ProportionalChange => gated ? within * 2 * _beyond : 0,
            _ => gated ? within * within : within,
        };
    }
}
