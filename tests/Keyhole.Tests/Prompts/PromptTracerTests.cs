using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Prompts;
using Keyhole.TestSupport;
using Keyhole.Tests.Composition;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Prompts;

public sealed class PromptTracerTests : IDisposable
{
    private static readonly PromptEntry[] s_prompts =
    [
        new() { Set = "a", Prompt = "ab", Answer = "cd", Subject = "xy", Competitors = ["ef", "cz", "gh", "ee"], Associates = ["ij"] },
        new() { Set = "a", Prompt = "ab ", Answer = "q" },
        new() { Set = "a", Prompt = "one more", Answer = "z" },
        new() { Set = "b", Prompt = "größe", Answer = "w", Associates = ["w", "v"] },
    ];

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Theory]
    [InlineData(BosPolicy.Auto)]
    [InlineData(BosPolicy.Never)]
    public void Every_reading_equals_the_twin(BosPolicy bos)
    {
        string folder = _run.Model(TinyModel.Opt(memories: 50, vocabulary: TinyTokenizer.Size), eos: true);
        using var twin = new NaiveTracer(folder);
        IReadOnlyList<PromptTrace> traces = Trace(folder, bos, threads: 2, block: null);
        int Token(char letter) => letter + 2;   // a token a byte
        foreach ((PromptTrace trace, PromptEntry prompt) in traces.Zip(s_prompts))
        {
            int[] ids = [.. bos == BosPolicy.Auto ? [0] : Array.Empty<int>(), .. System.Text.Encoding.UTF8.GetBytes(prompt.Prompt).Select(value => value + 2)];   // and no </s>
            SiteCapture sites = twin.Run(ids);
            int layers = twin.Spec.LayerCount;
            Assert.Equal(layers + 1, trace.Layers.Length);

            // After a prompt that does not end in a space the answer begins with one, in this vocabulary a token of its own.
            int answer = prompt.Prompt.EndsWith(' ') ? Token(prompt.Answer[0]) : Token(' ');
            Assert.Equal((answer, answer == Token(' ')), (trace.AnswerToken, trace.AnswerIsCut));
            for (int layer = 0; layer <= layers; layer++)
            {
                double[] logits = twin.Head(NaiveTracer.Last(sites, layer == layers ? Site.ResidPost : Site.ResidMid, Math.Min(layer, layers - 1), ids.Length));
                PromptReading read = trace.Layers[layer];
                Assert.Equal(NaiveTracer.Argmax(logits), read.Top);
                Assert.Equal(NaiveTracer.Rank(logits, answer), read.AnswerRank);
                Assert.Equal(NaiveTracer.Probability(logits, answer), read.AnswerProbability, 1e-4);
                Assert.Equal(NaiveTracer.Rank(logits, ids[^1]), read.CurrentRank);
                Assert.Equal(NaiveTracer.Probability(logits, ids[^1]), read.CurrentProbability, 1e-4);
                Assert.Equal(NaiveTracer.Entropy(logits), read.Entropy, 1e-3);
                Assert.Equal(prompt.Subject is null, double.IsNaN(read.SubjectRank));
                Assert.True(double.IsNaN(read.CompetitorRank) && double.IsNaN(read.AssociateProbability));   // they too begin with the space, as the answer does
            }

            Assert.Equal(trace.Layers[^1].Top, trace.Final);
        }
    }

    [Fact]
    public void Competitors_are_read_together()
    {
        string folder = _run.Model(TinyModel.Llama(vocabulary: TinyTokenizer.Size));
        using var twin = new NaiveTracer(folder);
        PromptEntry prompt = new() { Set = "a", Prompt = "ab ", Answer = "cd", Competitors = ["ef", "cz", "gh", "ee"], Associates = ["ij", "kl"], Subject = "m" };
        PromptReading read = Trace(folder, BosPolicy.Auto, 1, null, [prompt])[0].Layers[^1];
        int[] ids = [0, 'a' + 2, 'b' + 2, ' ' + 2];
        double[] logits = twin.Head(NaiveTracer.Last(twin.Run(ids), Site.ResidPost, twin.Spec.LayerCount - 1, ids.Length));
        int[] competitors = ['e' + 2, 'g' + 2];   // 'cz' begins as the answer does, 'ee' as 'ef'
        Assert.Equal(competitors.Min(token => NaiveTracer.Rank(logits, token)), read.CompetitorRank);
        Assert.Equal(competitors.Sum(token => NaiveTracer.Probability(logits, token)), read.CompetitorProbability, 1e-4);
        Assert.Equal(Math.Min(NaiveTracer.Rank(logits, 'i' + 2), NaiveTracer.Rank(logits, 'k' + 2)), read.AssociateRank);
        Assert.Equal(NaiveTracer.Rank(logits, 'm' + 2), read.SubjectRank);
        Assert.True(double.IsNaN(read.ShuffledRank));   // alone in its set
    }

    [Fact]
    public void Blocks_and_threads_change_nothing()
    {
        string folder = _run.Model(TinyModel.Llama(vocabulary: TinyTokenizer.Size));
        IReadOnlyList<PromptTrace> expected = Trace(folder, BosPolicy.Auto, 2, null);
        foreach (IReadOnlyList<PromptTrace> got in new[] { Trace(folder, BosPolicy.Auto, 1, 1), Trace(folder, BosPolicy.Auto, 2, 3) })
        {
            Assert.Equal(expected.SelectMany(trace => trace.Layers), got.SelectMany(trace => trace.Layers));
            Assert.Equal(expected.Select(trace => trace.Final), got.Select(trace => trace.Final));
        }
    }

    [Fact]
    public void Shuffled_answers_are_other_answers_of_the_set_where_it_has_some()
    {
        int[] answers = [1, 1, 2, 3, 3, 4, 9, 9, 7];
        PromptEntry[] entries = [.. answers.Select((answer, i) => new PromptEntry { Set = i < 6 ? "a" : i < 8 ? "b" : "c", Prompt = "p", Answer = "x" })];
        PromptTokens[] tokens = [.. answers.Select(answer => new PromptTokens([0], answer, false, -1, [], []))];
        for (ulong seed = 0; seed < 20; seed++)
        {
            int[] shuffled = PromptTokens.ShuffledAnswers(entries, tokens, seed);
            Assert.Equal(shuffled, PromptTokens.ShuffledAnswers(entries, tokens, seed));
            Assert.All(Enumerable.Range(0, 6), i => Assert.True(shuffled[i] == -1 || (shuffled[i] != answers[i] && answers.Take(6).Contains(shuffled[i]))));
            Assert.True(shuffled[..6].Count(token => token == -1) <= 1);
            Assert.Equal([-1, -1, -1], shuffled[6..]);   // two prompts of one answer, and one alone
        }

        Assert.True(Enumerable.Range(0, 20).Select(seed => string.Join(',', PromptTokens.ShuffledAnswers(entries, tokens, (ulong)seed))).Distinct().Count() > 3);
    }

    [Fact]
    public void The_mini_model_knows_some_of_the_bundled_prompts()
    {
        string folder = Path.Combine(SharedData.Repository, "models", "mini");
        PromptSet bundled = PromptFile.Bundled();
        PromptSummary summary = PromptSummary.Of(Trace(folder, BosPolicy.Auto, 2, null, bundled.Entries), seed: 1);
        PromptSetSummary all = summary.Sets[^1];
        Assert.Equal((PromptSummary.AllSets, bundled.Entries.Count), (all.Set, all.Right.Total));
        Assert.True(all.Right.Count >= 5, string.Join(" ", summary.Sets.Select(set => $"{set.Set} {set.Right.Count}/{set.Right.Total}")));
        Assert.True(all.Refinement.Supported, $"{all.Refinement}");
        Assert.True(all.WhereRight.Layers[^1].Answer.Rank.Upper == 0);
    }

    private static IReadOnlyList<PromptTrace> Trace(string folder, BosPolicy bos, int threads, int? block, IReadOnlyList<PromptEntry>? prompts = null)
    {
        using Model model = Model.Open(folder);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = threads });
        using var reader = new VocabularyReader(model, threads);
        return new PromptTracer(model, TokenizerLoader.Load(folder), bos, pass, reader) { BlockPrompts = block }.Trace(prompts ?? s_prompts, seed: 2);
    }
}
