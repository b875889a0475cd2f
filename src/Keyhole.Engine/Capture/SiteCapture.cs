using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Capture;

/// <summary>Keeps chosen sites of a forward pass over one batch.</summary>
public sealed class SiteCapture : IForwardObserver
{
    private readonly ModelSpec _spec;
    private readonly int _rows;
    private readonly SiteSet[] _sites;
    private readonly Dictionary<(Site Site, int Layer), float[]> _values = [];

    /// <summary>Chooses sites by pattern.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="rows">T, the rows of the batch to come.</param>
    /// <param name="patterns">Names with * and ?, such as <c>blocks.3.*</c> or <c>*hook_post</c>.</param>
    /// <exception cref="InputRefusedException">A pattern fits no site of this model.</exception>
    public SiteCapture(ModelSpec spec, int rows, IReadOnlyCollection<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(patterns);
        _spec = spec;
        _rows = rows;
        _sites = new SiteSet[spec.LayerCount + 1];
        (Site Site, int Layer)[] all = [.. All(spec)];
        foreach (string pattern in patterns)
        {
            if (!all.Any(at => SiteName.Matches(pattern, at.Site, at.Layer)))
            {
                throw new InputRefusedException("KH3010", $"no site fits '{pattern}'. Sites of this model: blocks.0 to blocks.{spec.LayerCount - 1} with {string.Join(", ", all.Where(at => at.Layer == 0).Select(at => SiteName.Of(at.Site, 0)["blocks.0.".Length..]))}; and logits.");
            }
        }

        foreach (IGrouping<int, (Site Site, int Layer)> layer in all.Where(at => patterns.Any(pattern => SiteName.Matches(pattern, at.Site, at.Layer))).GroupBy(at => at.Layer))
        {
            _sites[layer.Key] = SiteSet.Of([.. layer.Select(at => at.Site)]);
            foreach ((Site site, int _) in layer)
            {
                _values[(site, layer.Key)] = new float[(long)rows * Width(site, layer.Key)];
            }
        }
    }

    /// <summary>The captured sites: name, shape [T, width] and values, in the order in which they are computed.</summary>
    public IEnumerable<(string Name, long[] Shape, float[] Values)> Captured()
        => All(_spec).Where(_values.ContainsKey).Select(at => (SiteName.Of(at.Site, at.Layer), new long[] { _rows, Width(at.Site, at.Layer) }, _values[at]));

    /// <summary>One captured site, [T, width].</summary>
    /// <exception cref="KeyNotFoundException">It was not asked for.</exception>
    public float[] Values(Site site, int layer) => _values[(site, layer)];

    /// <inheritdoc/>
    public SiteSet Sites(int layer) => _sites[layer];

    /// <inheritdoc/>
    public void Observe(Site site, int layer, int firstRow, MatrixView values) => Copy(site, layer, firstRow, 0, values, []);

    /// <inheritdoc/>
    public void ObserveMemories(in MemoryTile tile)
    {
        Copy(Site.MlpPre, tile.Layer, tile.FirstRow, tile.FirstMemory, tile.Pre, tile.Rows);
        Copy(Site.MlpPreLinear, tile.Layer, tile.FirstRow, tile.FirstMemory, tile.Linear, tile.Rows);
        Copy(Site.MlpPost, tile.Layer, tile.FirstRow, tile.FirstMemory, tile.Post, tile.Rows);
    }

    /// <inheritdoc/>
    public void LayerDone(int layer)
    {
        // Every value has been copied as it was shown.
    }

    private static IEnumerable<(Site Site, int Layer)> All(ModelSpec spec)
        => Enumerable.Range(0, spec.LayerCount)
            .SelectMany(layer => SiteName.BlockSites.Where(site => Has(spec.Blocks[layer].FeedForward, site)).Select(site => (site, layer)))
            .Append((Site.Logits, spec.LayerCount));

    private static bool Has(FeedForwardSpec layer, Site site) => site switch
    {
        Site.MlpPreLinear => layer.IsGated,
        Site.ExpertWeights => layer.Router is not null,
        _ => true,
    };

    private int Width(Site site, int layer) => site switch
    {
        Site.Logits => _spec.VocabularySize,
        Site.ExpertWeights => _spec.Blocks[layer].FeedForward.Experts.Length,
        Site.MlpPre or Site.MlpPreLinear or Site.MlpPost => _spec.Blocks[layer].FeedForward.MemoryCount,
        _ => _spec.Width,
    };

    // Values of all rows from firstRow on, or of the given ones; coefficients of experts that a row did not choose stay 0.
    private void Copy(Site site, int layer, int firstRow, int firstColumn, MatrixView values, ReadOnlySpan<int> rows)
    {
        if (!_values.TryGetValue((site, layer), out float[]? kept))
        {
            return;
        }

        int width = Width(site, layer);
        for (int row = 0; row < values.Rows; row++)
        {
            int at = firstRow + (rows.IsEmpty ? row : rows[row]);
            values.Row(row).CopyTo(kept.AsSpan((at * width) + firstColumn));
        }
    }
}
