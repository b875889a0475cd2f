using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Mining;

/// <summary>Counts the positions at which pre-activations of memories are closer to zero than the tolerance of coefficients, so that their sign is rounding.</summary>
internal sealed class NearZero : IForwardObserver
{
    private const float Tolerance = 2e-6f;
    private readonly NeuronId[] _ids;
    private readonly int[] _counts;

    private NearZero(NeuronId[] ids)
    {
        _ids = ids;
        _counts = new int[ids.Length];
    }

    /// <summary>The counts of these memories of the mini model over the lines of a file.</summary>
    public static int[] Count(string corpus, NeuronId[] ids)
    {
        string folder = Path.Combine(SharedData.Repository, "models", "mini");
        using Model model = Model.Open(folder);
        Tokenizer tokenizer = TokenizerLoader.Load(folder);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        var counter = new NearZero(ids);
        foreach (string[] lines in File.ReadLines(corpus).Chunk(1000))
        {
            int[][] texts = [.. lines.Select(line => tokenizer.Encode(line).Ids)];
            int[] starts = new int[texts.Length + 1];
            for (int text = 0; text < texts.Length; text++)
            {
                starts[text + 1] = starts[text] + texts[text].Length;
            }

            pass.Run(new TokenBatch([.. texts.SelectMany(text => text)], starts), counter);
        }

        return counter._counts;
    }

    public SiteSet Sites(int layer) => _ids.Any(id => id.Layer == layer) ? SiteSet.Of(Site.MlpPre) : SiteSet.None;

    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        // Only pre-activations are asked for.
    }

    public void ObserveMemories(in MemoryTile tile)
    {
        for (int i = 0; i < _ids.Length; i++)
        {
            int column = _ids[i].Layer == tile.Layer ? _ids[i].Index - tile.FirstMemory : -1;
            for (int row = 0; column >= 0 && column < tile.Pre.Columns && row < tile.Pre.Rows; row++)
            {
                if (Math.Abs(tile.Pre.Row(row)[column]) <= Tolerance)
                {
                    Interlocked.Increment(ref _counts[i]);
                }
            }
        }
    }

    public void LayerDone(int layer)
    {
        // Counted as shown.
    }
}
