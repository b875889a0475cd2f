using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>The observer alone, shown tiles by hand.</summary>
public sealed class MiningObserverTests : IDisposable
{
    private static readonly (int First, int Count)[] s_memories = [(0, 32), (32, 8)];   // two tiles of columns, the second not a multiple of 16
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false, RankBy.Post, 0, false, false)]
    [InlineData(false, RankBy.Pre, 0, false, false)]
    [InlineData(true, RankBy.Post, 0, false, false)]
    [InlineData(true, RankBy.Post, 3, true, false)]
    [InlineData(false, RankBy.Post, 0, false, true)]
    [InlineData(true, RankBy.Post, 0, false, true)]
    [InlineData(true, RankBy.Post, 3, true, true)]
    public void Tiles_allocate_nothing_once_a_layer_has_been_met(bool gated, RankBy rankBy, int distinct, bool perPrefix, bool beyond)
    {
        using Model model = Model.Open((gated ? TinyModel.Llama(memories: 40) : TinyModel.Opt(memories: 40)).Write(_folder.Path));
        int[] ids = [.. Enumerable.Range(0, 100).Select(i => i % 50)];
        var batch = new TokenBatch(ids, [0, 10, 45, 46, 100]);
        var rules = new MiningRules { Top = 4, RankBy = rankBy, Distinct = distinct, PerPrefix = perPrefix, SampleQuantiles = beyond, SignCases = beyond };
        using var observer = new MiningObserver(model.Spec, [0], rules, threads: 1, candidates: 1000, random: beyond ? [new RandomPosition(0, 1, 7, 3)] : null);
        using var pre = new Tile(100, 40, 1);
        using var linear = new Tile(100, 40, 2);
        using var post = new Tile(100, 40, 3);
        var chunk = new MiningChunk(batch, [0, 1, 2, 3], [true, true, false, false]);

        long Pass()
        {
            observer.Begin(chunk, 0, static _ => { });
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
                        RowCount = 25,
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

    [Theory]
    [InlineData(RankBy.Post, false)]
    [InlineData(RankBy.Pre, false)]
    [InlineData(RankBy.Post, true)]
    public void Tiles_of_experts_may_be_cut_anywhere_and_allocate_nothing(RankBy rankBy, bool perPrefix)
    {
        const int Experts = 4;
        using Model model = Model.Open(TinyModel.Mixtral(memories: 40).Write(_folder.Path));
        var batch = new TokenBatch([.. Enumerable.Range(0, 100).Select(i => i % 50)], [0, 10, 45, 46, 100]);
        using var pre = new Tile(100, 40, 1);
        using var linear = new Tile(100, 40, 2);
        using var post = new Tile(100, 40, 3);
        var random = new Random(8);
        float[][] weights = [.. Enumerable.Range(0, Experts).Select(expert => Enumerable.Range(0, 100)   // by row; 0: not chosen. Expert 3 has next to none
            .Select(row => random.Next(expert == 3 ? 30 : 2) == 0 ? 0.01f + random.NextSingle() : 0).ToArray())];
        var rules = new MiningRules { Top = 4, RankBy = rankBy, PerPrefix = perPrefix };
        using var whole = new MiningObserver(model.Spec, [0], rules, threads: 1, candidates: 1000);
        ShowAll(whole, 100);
        foreach (int cut in (int[])[1, 7, 25, 46])
        {
            using var observer = new MiningObserver(model.Spec, [0], rules, threads: 1, candidates: 1000);
            ShowAll(observer, cut);
            MemoryColumns layout = observer.Totals(0).Accumulator.Layout;
            for (int memory = 0; memory < Experts * 40; memory++)
            {
                int column = layout.ColumnOf(memory);
                Assert.Equal(whole.Totals(0).Accumulator.Positive.List(column), observer.Totals(0).Accumulator.Positive.List(column));
                Assert.Equal(whole.Totals(0).Accumulator.Negative?.List(column), observer.Totals(0).Accumulator.Negative?.List(column));
                Assert.Equal(Bytes(whole, column), Bytes(observer, column));
                int chosen = Enumerable.Range(0, 100).Count(row => weights[memory / 40][row] != 0 && row is not (0 or 9 or 10 or 44 or 45 or 46 or 99));
                Assert.Equal(chosen, observer.Totals(0).Statistics(column).Count);
            }

            ShowAll(observer, cut);
            Assert.Equal(0, ShowAll(observer, cut));
        }

        // One of each expert's rows after the other, as the forward pass gathers them.
        long ShowAll(MiningObserver observer, int cut)
        {
            observer.Begin(new MiningChunk(batch, [0, 1, 2, 3], [true, true, false, false]), 0, static _ => { });
            using var gathered = new AlignedBuffer(3 * 100 * 56);
            int[] rows = new int[100];
            float[] chosen = new float[100];
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int first = 0; first < 100; first += cut)
            {
                int count = Math.Min(cut, 100 - first);
                for (int expert = 0; expert < Experts; expert++)
                {
                    int found = 0;
                    for (int row = 0; row < count; row++)
                    {
                        if (weights[expert][first + row] is not 0 and float weight)
                        {
                            (rows[found], chosen[found]) = (row, weight);
                            found++;
                        }
                    }

                    foreach ((int memory, int columns) in s_memories)
                    {
                        observer.ObserveMemories(new MemoryTile
                        {
                            Layer = 0,
                            Worker = 0,
                            Batch = batch,
                            FirstRow = first,
                            RowCount = count,
                            Expert = expert,
                            Rows = rows.AsSpan(0, found),
                            RouterWeights = chosen.AsSpan(0, found),
                            FirstMemory = (expert * 40) + memory,
                            Pre = Gather(pre, 0),
                            Linear = Gather(linear, 1),
                            Post = Gather(post, 2),
                        });

                        MatrixView Gather(Tile from, int place)
                        {
                            MatrixView to = gathered.Matrix(300, 56).RowRange(place * 100, found).ColumnRange(0, columns);
                            for (int row = 0; row < found; row++)
                            {
                                from.View(first + rows[row], 1, memory, columns).Row(0).CopyTo(to.Row(row));
                            }

                            return to;
                        }
                    }
                }
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            observer.LayerDone(0);
            return allocated;
        }

        static byte[] Bytes(MiningObserver observer, int column)
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            observer.Totals(0).Statistics(column).Write(writer);
            return stream.ToArray();
        }
    }

    [Fact]
    public void Histograms_of_large_corpora_count_the_positions_that_the_hash_chooses()
    {
        using Model model = Model.Open(TinyModel.Llama().Write(_folder.Path));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        var random = new Random(4);
        int[] ids = [.. Enumerable.Range(0, 600).Select(_ => random.Next(260))];
        int[] starts = [.. Enumerable.Range(0, 16).Select(text => text * 40)];
        var batch = new TokenBatch(ids, starts);
        int[] units = [.. Enumerable.Range(900_000, 15)];
        var rules = new MiningRules { Seed = 77 };

        // As if this were a part of a corpus of a million candidates: about a fifth is counted.
        using var observer = new MiningObserver(model.Spec, [0, 1], rules, pass.Threads, candidates: 1_000_000);
        observer.Begin(new MiningChunk(batch, units, new bool[15]), 0, static _ => { });
        pass.Run(batch, observer, TestContext.Current.CancellationToken);
        var capture = new SiteCapture(model.Spec, ids.Length, ["*hook_post"]);
        pass.Run(batch, capture, TestContext.Current.CancellationToken);
        for (int memory = 0; memory < 40; memory++)
        {
            uint[] expected = new uint[ActivationHistogram.Bins];
            foreach (int row in Enumerable.Range(0, 600).Where(row => row % 40 is > 0 and < 39))
            {
                if (CounterHash.Hash(77, (ulong)units[row / 40], (ulong)(row % 40)) < ulong.MaxValue / 5)
                {
                    expected[ActivationHistogram.BinOf(capture.Values(Site.MlpPost, 1)[(row * 40) + memory])]++;
                }
            }

            Assert.InRange(expected.Sum(count => count), 60, 180);
            Assert.Equal(expected, observer.Totals(1).Statistics(memory).Histogram);
            Assert.Equal(15 * 38, observer.Totals(1).Statistics(memory).Count);
        }
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
