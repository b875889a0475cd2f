using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>The observer alone, shown tiles by hand.</summary>
public sealed class MiningObserverTests : IDisposable
{
    private static readonly (int First, int Count)[] s_memories = [(0, 32), (32, 8)];   // two tiles of columns, the second not a multiple of 16
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false, RankBy.Post, 0, false)]
    [InlineData(false, RankBy.Pre, 0, false)]
    [InlineData(true, RankBy.Post, 0, false)]
    [InlineData(true, RankBy.Post, 3, true)]
    public void Tiles_allocate_nothing_once_a_layer_has_been_met(bool gated, RankBy rankBy, int distinct, bool perPrefix)
    {
        using Model model = Model.Open((gated ? TinyModel.Llama(memories: 40) : TinyModel.Opt(memories: 40)).Write(_folder.Path));
        int[] ids = [.. Enumerable.Range(0, 100).Select(i => i % 50)];
        var batch = new TokenBatch(ids, [0, 10, 45, 46, 100]);
        var rules = new MiningRules { Top = 4, RankBy = rankBy, Distinct = distinct, PerPrefix = perPrefix };
        using var observer = new MiningObserver(model.Spec, [0], rules, threads: 1, candidates: 1000);
        using var pre = new Tile(100, 40, 1);
        using var linear = new Tile(100, 40, 2);
        using var post = new Tile(100, 40, 3);
        var chunk = new MiningChunk(batch, [0, 1, 2, 3], [true, true, false, false]);

        long Pass()
        {
            observer.Begin(chunk, static _ => { });
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int row = 0; row < 100; row += 25)   // tiles that cut the second and the fourth text
            {
                foreach ((int first, int count) in s_memories)
                {
                    observer.ObserveMemories(new MemoryTile
                    {
                        Layer = 0,
                        Worker = 0,
                        Batch = batch,
                        FirstRow = row,
                        FirstMemory = first,
                        Pre = pre.View(row, 25, first, count),
                        Linear = gated ? linear.View(row, 25, first, count) : default,
                        Post = post.View(row, 25, first, count),
                    });
                }
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Pass();
        observer.LayerDone(0);
        Pass();
        observer.LayerDone(0);

        Assert.Equal(0, Pass());
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Tile : IDisposable
    {
        private const int Pad = 16;
        private readonly AlignedBuffer _buffer;
        private readonly MatrixView _all;

        public Tile(int rows, int columns, int seed)
        {
            _buffer = new AlignedBuffer(rows * (columns + Pad));
            _all = _buffer.Matrix(rows, columns, columns + Pad);
            var random = new Random(seed);
            foreach (ref float value in _buffer.Span(0, (int)_buffer.Length))
            {
                value = (float)(random.NextDouble() - 0.5);
            }
        }

        public MatrixView View(int row, int rows, int column, int columns) => _all.RowRange(row, rows).ColumnRange(column, columns);

        public void Dispose() => _buffer.Dispose();
    }
}
