using System.Collections.Immutable;
using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>What a study says of the run that made it, and of its texts.</summary>
public sealed class MinerProvenanceTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData("relu", "relu")]
    [InlineData("gelu_new", "gelu_new")]
    [InlineData("gelu_pytorch_tanh", "gelu_pytorch_tanh")]
    [InlineData("quick_gelu", "quick_gelu")]
    [InlineData("swish", "silu")]
    [InlineData("relu2", "relu2")]
    public void Activations_have_their_exact_names(string configured, string name)
    {
        string model = _tiny.Model(TinyModel.Opt(activation: configured));
        using Study study = TinyRun.Mine(_tiny.Options(model, _tiny.Corpus(TinyRun.Lines.Take(5))));
        Assert.Equal(name, study.Shape.Activation);
    }

    [Fact]
    public void Options_that_decide_the_result_are_kept_and_others_are_not()
    {
        string model = _tiny.Model(TinyModel.Llama());
        string corpus = _tiny.Corpus(TinyRun.Lines);
        MiningOptions options = _tiny.Options(model, corpus) with { Limit = 7, Seed = 3, Rules = new MiningRules { Top = 4, Distinct = 2, LastPosition = true, Seed = 3 } };
        using Study study = TinyRun.Mine(options);
        ImmutableSortedDictionary<string, string> kept = study.Provenance.Options;
        Assert.Equal(("7", "4", "2", "true", "line", "3", "0,1"), (kept["limit"], kept["top"], kept["distinct"], kept["last-position"], kept["unit"], kept["seed"], kept["layers"]));
        Assert.DoesNotContain(kept.Keys, key => key is "threads" or "memory" or "chunk-tokens");
        using Study other = TinyRun.Mine(options with { Output = options.Output + "-other", Threads = 1, ChunkTokens = 17 });
        Assert.Equal(kept, other.Provenance.Options);
        Assert.Equal((study.Provenance.WeightsSha256, study.Provenance.TokenizerSha256, study.Provenance.CorpusSha256), (other.Provenance.WeightsSha256, other.Provenance.TokenizerSha256, other.Provenance.CorpusSha256));
    }

    [Fact]
    public void Units_keep_their_file_and_bytes()
    {
        string model = _tiny.Model(TinyModel.Llama(context: 20));
        string[] corpora = [_tiny.Corpus(TinyRun.Lines.Take(10), "b.txt"), _tiny.Corpus(TinyRun.Lines.Skip(10), "a.txt")];
        using Study study = TinyRun.Mine(_tiny.Options(model, corpora[0]) with { Corpus = corpora });
        int index = 0;
        foreach (StudyUnit unit in study.Units())
        {
            Assert.Equal(index++, unit.Index);
            byte[] file = File.ReadAllBytes(corpora[unit.File]);
            Assert.Equal(unit.Text, System.Text.Encoding.UTF8.GetString(file, (int)unit.Offset, (int)unit.Length));
            Assert.InRange(unit.Tokens.Length, 1, 20);
        }

        Assert.Contains(study.Units(), unit => unit.Traits.HasFlag(UnitTraits.Continuation));
        Assert.Equal(string.Concat(TinyRun.Lines), string.Concat(study.Units().Select(unit => unit.Text)));
    }

    [Fact]
    public void Records_keep_the_place_of_their_field()
    {
        string model = _tiny.Model(TinyModel.Llama(context: 8));
        string corpus = _tiny.Corpus(["""{"id": 1, "text": "plain text of some length"}""", """{"text": "with \"quotes\" and more", "id": 2}"""], "corpus.jsonl");
        using Study study = TinyRun.Mine(_tiny.Options(model, corpus) with { Unit = UnitKind.Document });
        byte[] file = File.ReadAllBytes(corpus);
        StudyUnit[] units = [.. study.Units()];
        Assert.Equal("plain text of some lengthwith \"quotes\" and more", string.Concat(units.Select(unit => unit.Text)));
        foreach (StudyUnit unit in units)
        {
            string bytes = System.Text.Encoding.UTF8.GetString(file, (int)unit.Offset, (int)unit.Length);
            Assert.Equal(bytes.Contains('\\', StringComparison.Ordinal) ? "with \\\"quotes\\\" and more" : unit.Text, bytes);
        }
    }

    public void Dispose() => _tiny.Dispose();
}
