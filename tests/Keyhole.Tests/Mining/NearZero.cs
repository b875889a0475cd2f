using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Mining;

/// <summary>Counts the positions at which a memory's pre-activation is closer to zero than the tolerance of coefficients, so that its sign is rounding.</summary>
internal sealed class NearZero(NeuronId id) : IForwardObserver
{
    private const float Tolerance = 2e-6f;
    private int _count;

    public static int Count(string corpus, NeuronId id)
    {
        string folder = Path.Combine(SharedData.Repository, "models", "mini");
        using Model model = Model.Open(folder);
        Tokenizer tokenizer = TokenizerLoader.Load(folder);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        var counter = new NearZero(id);
        foreach (string[] lines in File.ReadLines(corpus).Chunk(1000))
        {
            int[][] texts = [.. lines.Select(line => tokenizer.Encode(line).Ids)];
            int[] starts = new int[texts.Length + 1];
            for (int text = 0; text < texts.Length; text++)
            {
                starts[text + 1] = starts[text] + texts[text].Length;
            }

            pass.Run(new TokenBatch([.. texts.SelectMany(ids => ids)], starts), counter);
        }

        return counter._count;
    }

    public SiteSet Sites(int layer) => layer == id.Layer ? SiteSet.Of(Site.MlpPre) : SiteSet.None;

    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        // Only pre-activations are asked for.
    }

    public void ObserveMemories(in MemoryTile tile)
    {
        int column = id.Index - tile.FirstMemory;
        for (int row = 0; column >= 0 && column < tile.Pre.Columns && row < tile.Pre.Rows; row++)
        {
            if (Math.Abs(tile.Pre.Row(row)[column]) <= Tolerance)
            {
                Interlocked.Increment(ref _count);
            }
        }
    }

    public void LayerDone(int layer)
    {
        // Counted as shown.
    }
}
