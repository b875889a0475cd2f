using Keyhole.Composition;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Debugging;

/// <summary>Keeps what <see cref="LastStates"/> keeps of a batch, and the last residual of every row.</summary>
internal sealed class PromptStates : IForwardObserver, IDisposable
{
    private readonly LastStates _last;
    private readonly int _lastLayer;
    private readonly AlignedBuffer _outputs;

    /// <param name="spec">The model.</param>
    /// <param name="batch">The batch that is run.</param>
    /// <param name="coefficients">Takes the coefficients at the last positions.</param>
    public PromptStates(ModelSpec spec, TokenBatch batch, ILastCoefficients coefficients)
    {
        _last = new LastStates(spec, batch.TextCount, coefficients);
        _last.Begin(batch);
        _lastLayer = spec.LayerCount - 1;
        _outputs = new AlignedBuffer((long)batch.RowCount * spec.Width);
        Outputs = _outputs.Matrix(batch.RowCount, spec.Width);
    }

    /// <summary>The last layer's o in every row of the batch, [T, D].</summary>
    public MatrixView Outputs { get; }

    /// <summary>r of a layer at the end of a text, [D].</summary>
    public ReadOnlySpan<float> R(int layer, int text) => _last.States.Row((layer * _last.Texts) + text);

    /// <summary>y of a layer at the end of a text, [D].</summary>
    public ReadOnlySpan<float> Y(int layer, int text) => _last.Updates.Row((layer * _last.Texts) + text);

    /// <summary>o of a layer at the end of a text, [D].</summary>
    public ReadOnlySpan<float> O(int layer, int text) => layer == _lastLayer
        ? _last.States.Row(((layer + 1) * _last.Texts) + text)
        : _last.Outputs.Row((layer * _last.Texts) + text);

    public SiteSet Sites(int layer) => _last.Sites(layer);

    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        _last.Observe(site, layer, firstRow, values);
        for (int row = 0; row < values.Rows && site == Site.ResidPost && layer == _lastLayer; row++)
        {
            values.Row(row).CopyTo(Outputs.Row(firstRow + row));
        }
    }

    public void ObserveMemories(in MemoryTile tile) => _last.ObserveMemories(tile);

    public void LayerDone(int layer) => _last.LayerDone(layer);

    public void Dispose()
    {
        _last.Dispose();
        _outputs.Dispose();
    }
}
