using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Similarity;

namespace Keyhole.Web.Memories;

/// <summary>What was computed for memories' pages and may be asked for again: all of it bounded.</summary>
internal sealed class MemoryCaches
{
    private const long MostCoefficientBytes = 8 << 20;
    private const int MostAnswers = 512;
    private const long MostLayerBytes = 32 << 20;

    /// <summary>Coefficients of a memory at the first tokens of a unit.</summary>
    public RecentCache<(NeuronId Id, int Unit), float[]> Coefficients { get; } = new(MostCoefficientBytes, values => 64 + ((long)values.Length * sizeof(float)));

    /// <summary>Nearest memories of a memory.</summary>
    public RecentCache<NeuronId, IReadOnlyDictionary<MemoryVectorKind, IReadOnlyList<NearMemory>>> Nearest { get; } = new(MostAnswers, _ => 1);

    /// <summary>Figures of layers, as they were when the study was last mined and its values last read.</summary>
    public RecentCache<(int Layer, string Made), LayerFigures> Layers { get; } = new(MostLayerBytes, figures => figures.Bytes);
}
