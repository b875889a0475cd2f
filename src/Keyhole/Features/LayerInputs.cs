using Keyhole.Composition;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Features;

/// <summary>Holds what one layer after the other reads at the positions of a sample, and hands each layer over when it is whole.</summary>
/// <remarks>One layer is held at a time: x of every position, the router's weights where it has a router, and the mean residual of every text.</remarks>
internal sealed class LayerInputs : IForwardObserver, IDisposable
{
    private readonly ModelSpec _spec;
    private readonly FeatureSample _sample;
    private readonly IReadOnlySet<int> _layers;
    private readonly Action<int, LayerInputs> _whole;
    private readonly int[] _places;   // of each row of the batch: its position in the sample, -1 where it does not compete
    private readonly int[] _texts;    // of each row: its text
    private readonly AlignedBuffer _inputs;
    private readonly AlignedBuffer _router;
    private readonly double[][] _residuals;

    /// <param name="spec">The model.</param>
    /// <param name="sample">The sample, whose texts make one batch.</param>
    /// <param name="layers">Layers to hold.</param>
    /// <param name="whole">Takes each of them.</param>
    public LayerInputs(ModelSpec spec, FeatureSample sample, IReadOnlySet<int> layers, Action<int, LayerInputs> whole)
    {
        (_spec, _sample, _layers, _whole) = (spec, sample, layers, whole);
        int rows = sample.Texts.Sum(text => text.Unit.Tokens.Length);
        _places = new int[rows];
        _texts = new int[rows];
        Array.Fill(_places, -1);
        int row = 0;
        foreach ((int number, FeatureText text) in sample.Texts.Index())
        {
            _texts.AsSpan(row, text.Unit.Tokens.Length).Fill(number);
            for (int i = 0; i < text.Count; i++)
            {
                _places[row + text.First + i] = text.Start + i;
            }

            row += text.Unit.Tokens.Length;
        }

        int experts = layers.Max(layer => Experts(spec.Blocks[layer]));
        _inputs = new AlignedBuffer((long)sample.Positions * spec.Width);
        _router = new AlignedBuffer((long)sample.Positions * experts);
        _residuals = [.. sample.Texts.Select(_ => new double[spec.Width])];
    }

    /// <summary>The batch of the sample's texts.</summary>
    public TokenBatch Batch() => TextBlocks.Pack(_sample.Texts.Select(text => text.Unit.Tokens.ToArray()));

    /// <summary>x of consecutive positions, shape [count, D].</summary>
    public MatrixView Inputs(int first, int count) => _inputs.Matrix(_sample.Positions, _spec.Width).RowRange(first, count);

    /// <summary>The router's weights of a layer at consecutive positions, shape [count, experts]; without rows where it has no router.</summary>
    public MatrixView Router(int layer, int first, int count)
        => Experts(_spec.Blocks[layer]) is > 0 and int experts ? _router.Matrix(_sample.Positions, experts).RowRange(first, count) : default;

    /// <summary>The residual that the layer's input is made of, its mean over the positions of each text, shape [texts][D].</summary>
    public float[][] MeanResiduals()
        => [.. _residuals.Zip(_sample.Texts, (sum, text) => Array.ConvertAll(sum, value => (float)(value / text.Count)))];

    /// <inheritdoc/>
    public SiteSet Sites(int layer) => !_layers.Contains(layer) ? SiteSet.None
        : Experts(_spec.Blocks[layer]) > 0 ? SiteSet.Of(Site.ResidMid, Site.MlpIn, Site.ExpertWeights)
        : SiteSet.Of(Site.ResidMid, Site.MlpIn);

    /// <inheritdoc/>
    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        for (int row = 0; row < values.Rows; row++)
        {
            int place = _places[firstRow + row];
            if (place < 0)
            {
                continue;
            }

            switch (site)
            {
                case Site.MlpIn:
                    values.Row(row).CopyTo(_inputs.Span((long)place * _spec.Width, _spec.Width));
                    break;
                case Site.ExpertWeights:
                    values.Row(row).CopyTo(_router.Span((long)place * values.Columns, values.Columns));
                    break;
                default:
                    AddTo(_residuals[_texts[firstRow + row]], values.Row(row));   // rows of one text come in order, to one thread
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void ObserveMemories(in MemoryTile tile)
    {
        // Coefficients are made of the inputs.
    }

    /// <inheritdoc/>
    public void LayerDone(int layer)
    {
        if (!_layers.Contains(layer))
        {
            return;
        }

        _whole(layer, this);
        foreach (double[] residual in _residuals)
        {
            Array.Clear(residual);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inputs.Dispose();
        _router.Dispose();
    }

    private static int Experts(BlockSpec block) => block.FeedForward.Router is null ? 0 : block.FeedForward.Experts.Length;

    private static void AddTo(double[] sum, ReadOnlySpan<float> row)
    {
        for (int d = 0; d < sum.Length; d++)
        {
            sum[d] += row[d];
        }
    }
}
