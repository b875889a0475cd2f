using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>A run that fails says why and leaves nothing behind.</summary>
public sealed class MinerRefusalTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData("model.layers.1.mlp.gate_proj.weight", float.NaN, 1, RankBy.Post)]
    [InlineData("model.layers.1.mlp.gate_proj.weight", float.NaN, 1, RankBy.Pre)]
    [InlineData("model.layers.0.mlp.up_proj.weight", float.PositiveInfinity, 0, RankBy.Post)]
    [InlineData("model.layers.0.mlp.down_proj.weight", float.NaN, 0, RankBy.Post)]
    [InlineData("model.layers.1.self_attn.q_proj.weight", float.NaN, 1, RankBy.Post)]
    [InlineData("model.layers.0.mlp.down_proj.weight", 3e38f, 0, RankBy.Pre)]
    public void Values_that_are_not_finite_name_layer_and_unit(string tensor, float value, int layer, RankBy rankBy)
    {
        TinyModel model = TinyModel.Llama();
        model.Tensors[tensor].Values.AsSpan().Fill(value);
        string folder = _tiny.Model(model);
        MiningOptions options = _tiny.Options(folder, _tiny.Corpus(TinyRun.Lines.Skip(2))) with { Threads = 1, Rules = new MiningRules { RankBy = rankBy } };
        string[] parts = [$"layer {layer} ", "unit 0 ", "corpus.txt"];
        Refuse("KH5001", options, parts);
        Refuse("KH5001", options with { Rules = options.Rules with { PerPrefix = true } }, parts);
    }

    [Fact]
    public void An_infinite_pre_activation_that_relu_hides_is_no_rank()
    {
        TinyModel model = TinyModel.Opt(layers: 1);
        model.Tensors["model.decoder.layers.0.fc1.bias"].Values[2] = float.NegativeInfinity;
        Refuse("KH5001", _tiny.Options(_tiny.Model(model), _tiny.Corpus(TinyRun.Lines)) with { Rules = new MiningRules { RankBy = RankBy.Pre } }, "layer 0");
    }

    [Fact]
    public void An_id_out_of_the_vocabulary_is_named()
    {
        string model = _tiny.Model(TinyModel.Llama(vocabulary: 258), moreTokens: 3);
        Refuse("KH3007", _tiny.Options(model, _tiny.Corpus(["plain", "a <more2> b"])), "260", "0 to 257");
    }

    [Fact]
    public void A_corpus_without_text_is_refused()
        => Refuse("KH5006", _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(["", "  ", ""])), "corpus.txt");

    [Fact]
    public void An_existing_study_stays_unless_it_may_be_replaced()
    {
        string model = _tiny.Model(TinyModel.Llama());
        string corpus = _tiny.Corpus(TinyRun.Lines);
        MiningOptions options = _tiny.Options(model, corpus);
        TinyRun.Mine(options).Dispose();
        byte[] before = File.ReadAllBytes(options.Output);
        Assert.Equal("KH5110", Assert.Throws<InputRefusedException>(() => TinyRun.Mine(options)).Code);
        Assert.Equal(before, File.ReadAllBytes(options.Output));
        using Study replaced = TinyRun.Mine(options with { Overwrite = true, Limit = 3 });
        Assert.Equal(3, replaced.UnitCount);
    }

    [Fact]
    public void A_failed_run_keeps_the_study_that_it_would_have_replaced()
    {
        string model = _tiny.Model(TinyModel.Llama());
        MiningOptions options = _tiny.Options(model, _tiny.Corpus(TinyRun.Lines));
        TinyRun.Mine(options).Dispose();
        byte[] before = File.ReadAllBytes(options.Output);
        Assert.Throws<InputRefusedException>(() => TinyRun.Mine(options with { Overwrite = true, Memory = 1 }));
        Assert.Equal(before, File.ReadAllBytes(options.Output));
        RequireOnly(options.Output);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "File modes do not stop this user.");
        string folder = Path.Combine(_tiny.Folder, "locked");
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Output = Path.Combine(folder, "study") };
        Assert.Equal("KH5112", Assert.Throws<StudyNotWrittenException>(() => TinyRun.Mine(options)).Code);
    }

    [Fact]
    public void A_folder_that_is_missing_is_refused()
    {
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Output = Path.Combine(_tiny.Folder, "no", "study") };
        Assert.Equal("KH5111", Assert.Throws<InputRefusedException>(() => TinyRun.Mine(options)).Code);
    }

    [Theory]
    [InlineData("tokenize")]
    [InlineData("mine")]
    [InlineData("write")]
    public void A_stopped_run_leaves_nothing_behind(string phase)
    {
        using var stop = new CancellationTokenSource();
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { ChunkTokens = 50 };
        using var miner = new Miner(options);
        Assert.ThrowsAny<OperationCanceledException>(() => miner.Run(progress: new StopAt(phase, stop), cancellation: stop.Token));
        RequireNothing(options.Output);
    }

    [Theory]
    [InlineData(1L)]
    [InlineData(100L << 20)]
    public void A_budget_that_is_too_small_names_the_least(long memory)
        => Refuse("KH5002", _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Memory = memory }, "takes 13", "MiB", "--layers");

    [Fact]
    public void Lists_that_no_machine_holds_are_refused()
        => Refuse("KH5008", _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Rules = new MiningRules { Top = int.MaxValue } }, "--top 2147483647", "40 memories");

    [Fact]
    public void Layers_and_memories_that_the_model_has_not_are_refused()
    {
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines));
        Refuse("KH5007", options with { Layers = [2] }, "0 to 1");
        Refuse("KH5007", options with { Layers = [-1] }, "0 to 1");
        Refuse("KH5007", options with { Neurons = new HashSet<NeuronId> { new(0, 40) } }, "L0N40");
        Refuse("KH5007", options with { Neurons = new HashSet<NeuronId> { new(5, 0) } }, "L5N0");
        Refuse("KH5007", options with { Neurons = new HashSet<NeuronId>() }, "no memory");
        Refuse("KH5007", options with { Layers = [0], Neurons = new HashSet<NeuronId> { new(1, 3) } }, "no memory");
        Refuse("KH5007", options with { Neurons = new HashSet<NeuronId> { new(0, 3, 0) } }, "L0E0N3", "with 40 memories");
        MiningOptions mixture = options with { Model = _tiny.Model(TinyModel.Mixtral(), "mixtral") };
        Refuse("KH5007", mixture with { Neurons = new HashSet<NeuronId> { new(0, 3) } }, "L0N3", "4 experts of 40 memories");
        Refuse("KH5007", mixture with { Neurons = new HashSet<NeuronId> { new(0, 3, 4) } }, "L0E4N3");
    }

    [Fact]
    public void Bos_that_the_tokenizer_has_not_is_refused()
    {
        string model = _tiny.Model(TinyModel.Llama(), bos: false);
        File.Delete(Path.Combine(model, "tokenizer_config.json"));
        Refuse("KH5004", _tiny.Options(model, _tiny.Corpus(TinyRun.Lines)) with { Bos = BosPolicy.Always }, "--bos");
    }

    public void Dispose()
    {
        string locked = Path.Combine(_tiny.Folder, "locked");
        if (Directory.Exists(locked) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        _tiny.Dispose();
    }

    private static void Refuse(string code, MiningOptions options, params string[] parts)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => TinyRun.Mine(options));
        Assert.Equal(code, refused.Code);
        Assert.All(parts, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
        RequireNothing(options.Output);
    }

    private static void RequireNothing(string study) => Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(study)!, Path.GetFileName(study) + "*"));

    private static void RequireOnly(string study) => Assert.Equal([study], Directory.GetFiles(Path.GetDirectoryName(study)!, Path.GetFileName(study) + "*"));

    private sealed class StopAt(string phase, CancellationTokenSource stop) : IProgress<MiningProgress>
    {
        public void Report(MiningProgress value)
        {
            if (value.Phase == phase)
            {
                stop.Cancel();
            }
        }
    }
}
