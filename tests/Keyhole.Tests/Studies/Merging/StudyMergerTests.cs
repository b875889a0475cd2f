using Keyhole.Studies;
using Keyhole.Studies.Merging;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Studies.Merging;

/// <summary>Merged studies beside those that a slow twin makes of the same shards.</summary>
public sealed class StudyMergerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _files;

    [Fact]
    public void Any_shards_layers_order_and_grouping_give_the_study_of_one_run()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var run = new SyntheticRun(seed, shards: 1 + random.Next(6));
            int[] parts = [.. Enumerable.Range(0, run.Shards)];
            int[] layers = [.. Enumerable.Range(0, run.Layers)];
            string merged = Merge(run, parts, layers, random);
            try
            {
                StudyTables.Same(run.Write(Next(), parts, layers), merged);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {run.Rules}", failure);
            }
        }
    }

    [Fact]
    public void A_partial_merge_is_the_study_of_its_shards()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var run = new SyntheticRun(seed, shards: 2 + random.Next(5));
            int[] parts = [.. Enumerable.Range(0, run.Shards).Where(_ => random.Next(2) == 0)];
            if (parts.Length is 0 || parts.Length == run.Shards)
            {
                continue;
            }

            int[] layers = [.. Enumerable.Range(0, run.Layers)];
            StudyTables.Same(run.Write(Next(), parts, layers), Merge(run, parts, layers, random));
        }
    }

    [Fact]
    public void More_shards_than_units_leave_some_without_any()
    {
        var run = new SyntheticRun(seed: 3, shards: 100);
        int[] layers = [.. Enumerable.Range(0, run.Layers)];
        string[] shards = [.. Enumerable.Range(0, 100).Select(part => run.Write(Next(), [part], layers))];
        StudyTables.Same(run.Write(Next(), [.. Enumerable.Range(0, 100)], layers), Run(false, shards).Path);
    }

    [Fact]
    public void The_result_tells_what_there_is_and_what_is_missing()
    {
        var run = new SyntheticRun(seed: 1, shards: 4);
        int[] layers = [.. Enumerable.Range(0, run.Layers)];
        string[] shards = [.. Enumerable.Range(0, 4).Select(part => run.Write(Next(), [part], layers))];
        (MergeResult half, string path) = Run(true, shards[3], shards[1]);
        Assert.Equal((4, "shards 0, 2 of 4 are missing"), (half.ShardCount, half.Missing));
        Assert.Equal([1, 3], half.Parts);
        using (var study = Study.Open(path))
        {
            Assert.Equal([1, 3], study.Provenance.Shard!.Parts);
            Assert.Equal(2, study.Provenance.Run.Threads);   // of shard 1
            Assert.Equal((study.UnitCount, study.TokenCount, study.Counts().Memories, study.Counts().Triggers), (half.Units, half.Tokens, half.Memories, half.Triggers));
        }

        (MergeResult whole, _) = Run(false, path, shards[0], shards[2]);
        Assert.Null(whole.Missing);
        Assert.Equal(layers, whole.Layers);
        Assert.Equal(run.Tokens, whole.Tokens);
    }

    [Fact]
    public void Analyses_of_shards_are_named_and_left_out()
    {
        var run = new SyntheticRun(seed: 1, shards: 2);
        int[] layers = [.. Enumerable.Range(0, run.Layers)];
        string[] shards = [run.Write(Next(), [0], layers), run.Write(Next(), [1], layers)];
        StudyEdit.Execute(shards[1], "CREATE TABLE analysis (section TEXT PRIMARY KEY NOT NULL, options TEXT NOT NULL)");
        (MergeResult result, string path) = Run(false, shards);
        Assert.Equal([shards[1]], result.Analysed);
        using var study = Study.Open(path);
        Assert.False(study.HasTable("analysis"));
    }

    [Fact]
    public void A_stopped_merge_leaves_nothing()
    {
        var run = new SyntheticRun(seed: 2, shards: 2);
        int[] layers = [.. Enumerable.Range(0, run.Layers)];
        string[] shards = [run.Write(Next(), [0], layers), run.Write(Next(), [1], layers)];
        string[] before = Directory.GetFiles(_folder.Path);
        using var merger = new StudyMerger(new MergeOptions { Shards = shards, Output = Next() });
        Assert.Throws<OperationCanceledException>(() => merger.Run(cancellation: new CancellationToken(canceled: true)));
        Assert.Equal(before.Order(StringComparer.Ordinal), Directory.GetFiles(_folder.Path).Order(StringComparer.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    // Cuts the rectangle in two, one way or the other, until pieces are small or chance says stop; then some are merged before all are.
    private string Merge(SyntheticRun run, int[] parts, int[] layers, Random random)
    {
        List<string> pieces = [];
        void Cut(int[] some, int[] others)
        {
            bool byParts = some.Length > 1 && (others.Length == 1 || random.Next(3) > 0);
            if ((some.Length == 1 && others.Length == 1) || random.Next(8) == 0)
            {
                pieces.Add(run.Write(Next(), some, others));
                return;
            }

            random.Shuffle(some);
            random.Shuffle(others);
            int before = pieces.Count;
            int at = 1 + random.Next((byParts ? some : others).Length - 1);
            Cut(byParts ? some[..at] : some, byParts ? others : others[..at]);
            Cut(byParts ? some[at..] : some, byParts ? others : others[at..]);
            if (random.Next(3) == 0)
            {
                string[] own = [.. pieces[before..]];
                random.Shuffle(own);
                pieces.RemoveRange(before, pieces.Count - before);
                pieces.Add(Run(true, own).Path);
            }
        }

        Cut([.. parts], [.. layers]);
        string[] shuffled = [.. pieces];
        random.Shuffle(shuffled);
        return Run(parts.Length < run.Shards, shuffled).Path;
    }

    private (MergeResult Result, string Path) Run(bool partial, params string[] shards)
    {
        string output = Next();
        using var merger = new StudyMerger(new MergeOptions { Shards = shards, Output = output, Partial = partial, Threads = 1 + (_files % 3) });
        return (merger.Run(), output);
    }

    private string Next() => _folder.File($"{_files++}.study");
}
