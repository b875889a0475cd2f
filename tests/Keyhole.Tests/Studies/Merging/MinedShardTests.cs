using Keyhole.Exports;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Studies.Merging;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Studies.Merging;

/// <summary>Shards that were really mined, merged in any order and grouping, are the study of one run, row by row.</summary>
public sealed class MinedShardTests : IDisposable
{
    private readonly TinyRun _tiny = new();
    private int _merged;

    public static TheoryData<string, string> Runs
    {
        get
        {
            var runs = new TheoryData<string, string>();
            foreach (string model in (string[])["llama", "opt", "mixtral"])
            {
                foreach (string rules in (string[])["plain", "per-prefix distinct", "pre", "pre distinct", "beyond", "beyond per-prefix distinct"])
                {
                    runs.Add(model, rules);
                }
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Any_order_and_grouping_gives_the_study_of_one_run(string name, string rules)
    {
        MiningOptions options = Options(name, rules);
        string whole = Mine(options);
        foreach (int count in (int[])[2, 7])
        {
            string[] shards = [.. Enumerable.Range(0, count).Select(i => Mine(options with { Shard = new CorpusShard(i, count) }))];
            StudyTables.Same(whole, Merge(false, Shuffled(shards, seed: count)));
            StudyTables.Same(whole, Merge(false, Grouped(shards, seed: count)));
        }
    }

    [Theory]
    [InlineData("llama", "plain")]
    [InlineData("opt", "pre distinct")]
    [InlineData("llama", "beyond")]
    public void A_grid_of_shards_and_layers_is_merged_in_both_directions(string name, string rules)
    {
        MiningOptions options = Options(name, rules);
        string whole = Mine(options);
        string[][] pieces = [.. Enumerable.Range(0, 3).Select(i => ((int[][])[[0], [1]])
            .Select(layers => Mine(options with { Shard = new CorpusShard(i, 3), Layers = layers })).ToArray())];
        StudyTables.Same(whole, Merge(false, Shuffled([.. pieces.SelectMany(row => row)], seed: 5)));
        string[] rows = [.. pieces.Select(row => Merge(true, row))];
        StudyTables.Same(whole, Merge(false, rows[2], rows[0], rows[1]));
        string[] columns = [.. Enumerable.Range(0, 2).Select(layer => Merge(false, [.. pieces.Select(row => row[layer])]))];
        StudyTables.Same(whole, Merge(false, columns[1], columns[0]));
        StudyTables.Same(whole, Merge(false, rows[1], pieces[0][0], pieces[2][1], pieces[2][0], pieces[0][1]));
        StudyTables.Same(whole, Merge(false, pieces[0][0], pieces[1][0], pieces[2][0], Merge(true, pieces[0][1], pieces[2][1]), pieces[1][1]));
    }

    [Fact]
    public void Mini_in_64_shards_is_the_study_of_one_run_and_its_exports_are()
    {
        MiningOptions options = Bundled();
        string whole = Mine(options);
        string[] shards = [.. Enumerable.Range(0, 64).Select(i => Mine(options with { Shard = new CorpusShard(i, 64) }))];
        string merged = Merge(false, Grouped(shards, seed: 1));
        StudyTables.Same(whole, merged);
        Assert.Equal(Exported(whole), Exported(merged));
    }

    public void Dispose() => _tiny.Dispose();

    private static string Mine(MiningOptions options)
    {
        string output = $"{options.Output}-{options.Shard.Index}-of-{options.Shard.Count}-{string.Join('-', options.Layers ?? [])}";
        using var miner = new Miner(options with { Output = output });
        miner.Run(cancellation: TestContext.Current.CancellationToken);
        return output;
    }

    private static MiningRules Rules(string name) => new()
    {
        Top = 5,
        PerPrefix = name.Contains("per-prefix", StringComparison.Ordinal),
        Distinct = name.Contains("distinct", StringComparison.Ordinal) ? 2 : 0,
        SampleQuantiles = name.Contains("beyond", StringComparison.Ordinal),
        RankBy = name.Contains("pre ", StringComparison.Ordinal) || name == "pre" ? RankBy.Pre : RankBy.Post,
    };

    private static string[] Shuffled(string[] shards, int seed)
    {
        string[] shuffled = [.. shards];
        new Random(seed).Shuffle(shuffled);
        return shuffled;
    }

    private MiningOptions Options(string name, string rules)
    {
        string model = _tiny.Model(name switch { "llama" => TinyModel.Llama(), "opt" => TinyModel.Opt(layers: 2), _ => TinyModel.Mixtral() });
        return _tiny.Options(model, _tiny.Corpus(TinyRun.Lines)) with { Rules = Rules(rules) with { SignCases = name != "opt" && rules.Contains("beyond", StringComparison.Ordinal) } };
    }

    private MiningOptions Bundled() => _tiny.Options(MiniStudy.Model, Path.Combine(SharedData.Repository, "corpora", "mini.train-sample.txt")) with
    {
        Limit = 200,
        Layers = [0, 3],
        ChunkTokens = null,
        Rules = new MiningRules { Top = 10 },
    };

    // Merges of merges: pairs and triples first, then all.
    private string[] Grouped(string[] shards, int seed)
    {
        string[] shuffled = Shuffled(shards, seed);
        return shuffled.Length < 3 ? shuffled : [Merge(true, Merge(true, shuffled[..2]), shuffled[2]), .. shuffled.Length > 6 ? [Merge(true, shuffled[3..6]), .. shuffled[6..]] : shuffled[3..]];
    }

    private string Merge(bool partial, params string[] shards)
    {
        string output = Path.Combine(_tiny.Folder, $"merged-{_merged++}");
        using var merger = new StudyMerger(new MergeOptions { Shards = shards, Output = output, Partial = partial, Threads = 1 + (_merged % 3) });
        merger.Run(cancellation: TestContext.Current.CancellationToken);
        return output;
    }

    private static string Exported(string path)
    {
        string folder = path + "-export";
        using Study study = Study.Open(path);
        JsonlExport.Write(study, folder);
        return File.ReadAllText(Path.Combine(folder, JsonlExport.NeuronsFile)) + File.ReadAllText(Path.Combine(folder, JsonlExport.UnitsFile));
    }
}
