using Keyhole.Claiming;
using Keyhole.Engine;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Claiming;

/// <summary>Claims that a model, or a file beside them, does not fit.</summary>
public sealed class ClaimRefusalTests : IDisposable
{
    private readonly ClaimFolder _folder = new(TinyModel.Opt(), TinyRun.Lines);

    [Theory]
    [InlineData("memory: L9N0, tokens: [a]", "KH7805", "claim 'x': the field 'memory' names L9N0")]
    [InlineData("memory: L0N400, tokens: [a]", "KH7805", "claim 'x': the field 'memory'")]
    [InlineData("memory: L0N0-, tokens: [a]", "KH7805", "not gated")]
    [InlineData("memory: L0N0, tokens: [abc]", "KH7805", "claim 'x': the field 'tokens' names 'abc'")]
    [InlineData("memory: L0N0, tokens: [99999]", "KH7805", "claim 'x': the field 'tokens' names token 99999")]
    [InlineData("memory: L0N0, ngram: [a, zz]", "KH7805", "claim 'x': the field 'ngram' names 'zz'")]
    [InlineData("memory: L0N0, words: [two words]", "KH7805", "claim 'x': the field 'words' holds 'two words', which is more than one word")]
    [InlineData("memory: L0N0, words: ['?']", "KH7805", "which is no word")]
    [InlineData("memory: L0N0, regex: '('", "KH7804", "claim 'x': the field 'regex' is no regular expression")]
    [InlineData("memory: L0N0, regex: '(?<=a)b'", "KH7804", "cannot be matched without backtracking")]
    [InlineData("memory: L0N0, regex: '(a)\\1'", "KH7804", "cannot be matched without backtracking")]
    [InlineData("memory: L0N0, regex: '((a{1000}){1000}){1000}'", "KH7804", "claim 'x': the field 'regex'")]
    [InlineData("memory: L0N0, label: fr", "KH7806", "claim 'x': the field 'label' needs a file of labels")]
    public void What_does_not_fit_the_model_is_said(string claim, string code, string said) => Refused(code, said, $"- {{name: x, {claim}}}");

    [Fact]
    public void A_catastrophic_pattern_takes_no_longer_than_others()
    {
        ClaimRun run = _folder.Run("- {name: x, memory: L0N0, on: prefix, regex: '^(([a-z ])+.)+[A-Z]([a-z])+$'}");
        Assert.Equal(0, run.Claims[0].Tests[0].Counts.Tp);
    }

    [Theory]
    [InlineData("nonsense", "line 1: this is no JSON")]
    [InlineData("{\"unit\": 1, \"label\": \"fr\"}\n[]", "line 2: no object")]
    [InlineData("{\"unit\": 1}", "line 1: no object with a text 'label'")]
    [InlineData("{\"label\": \"fr\"}", "line 1: 'unit' is missing")]
    [InlineData("{\"unit\": -1, \"label\": \"fr\"}", "line 1: 'unit' is -1")]
    [InlineData("{\"unit\": 1, \"position\": 1.5, \"label\": \"fr\"}", "line 1: 'position' is 1.5")]
    [InlineData("{\"unit\": 1, \"label\": \"de\"}", "no line has the label 'fr'")]
    [InlineData("", "no line has the label 'fr'")]
    public void Labels_that_cannot_be_read_are_refused(string labels, string said)
        => Refused("KH7806", said, "- {name: x, memory: L0N0, label: fr}", options => options with { Labels = _folder.Write(labels) });

    [Fact]
    public void A_line_without_end_is_refused()
        => Refused("KH7806", "line 2: the line is longer", "- {name: x, memory: L0N0, label: fr}", options => options with { Labels = _folder.Write("\n" + new string('x', 1 << 20)) });

    [Fact]
    public void One_run_searches_so_many_times()
        => Refused("KH7808", "17 claims search", string.Join('\n', Enumerable.Range(0, 17).Select(i => $"- {{name: x{i}, memories: all, tokens: [a]}}")));

    [Fact]
    public void Layers_that_are_not_there_are_refused()
        => Refused("KH7805", "--layers", "- {name: x, memories: all, tokens: [a]}", options => options with { Layers = [0, 7] });

    [Fact]
    public void Texts_without_a_position_are_refused()
        => Refused("KH7808", "no text is long enough", "- {name: x, memory: L0N0, tokens: [a]}", options => options with { Corpus = [_folder.Write("a\nb\n")] });

    [Fact]
    public void A_run_that_is_stopped_leaves_the_study_as_it_was()
    {
        byte[] before = File.ReadAllBytes(_folder.Study);
        using var stop = new CancellationTokenSource();
        var progress = new Keyhole.Values.StepProgress(_ => stop.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() => ClaimTester.Run(_folder.Options("- {name: x, memories: all, tokens: [a]}"), new Stopping(progress), stop.Token));
        Assert.Equal(before, File.ReadAllBytes(_folder.Study));
    }

    [Fact]
    public void Values_that_are_not_finite_are_refused()
    {
        foreach (string claim in (string[])["memory: L1N3", "memories: all"])
        {
            TinyModel model = TinyModel.Opt();
            using var folder = new ClaimFolder(model, TinyRun.Lines);
            model.Tensors["model.decoder.layers.1.fc1.bias"].Values[3] = float.PositiveInfinity;
            model.Tensors["model.decoder.layers.1.fc2.weight"].Values.AsSpan().Clear();   // infinity times zero
            string broken = model.Write(Path.Combine(Path.GetDirectoryName(folder.Study)!, "broken"));
            TinyTokenizer.Write(broken);
            InputRefusedException refused = Assert.Throws<InputRefusedException>(() => folder.Run($"- {{name: x, {claim}, tokens: [a]}}", options => options with { Model = broken }));
            Assert.Equal("KH7807", refused.Code);
        }
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(string code, string said, string claims, Func<ClaimOptions, ClaimOptions>? change = null)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => _folder.Run(claims, change));
        Assert.Equal(code, refused.Code);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
    }

    private sealed class Stopping(IProgress<double> progress) : IProgress<ClaimProgress>
    {
        public void Report(ClaimProgress value) => progress.Report(value.Share);
    }
}
