using Keyhole.Debugging;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.TestSupport;
using Keyhole.Tests.Composition;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Debugging;

public sealed class PromptGeneratorTests : IDisposable
{
    private static readonly int[] s_text = [0, 118, 106, 103, 34];

    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void The_most_probable_token_comes_next_without_and_with_interventions()
    {
        using var open = Open();
        string[] wishes = ["L0N3:set:4", "L1N5:set:-3:last", "L1N9:scale:9:1,3"];
        GeneratedStep[] steps = open.Generate(new GenerationRequest { Ids = s_text, Tokens = 8 }, wishes);
        Assert.Equal(Enumerable.Range(0, 8), steps.Select(step => step.Step));
        Assert.Equal(Naive(open, 8, []), steps.Select(step => step.Plain!.Value.Token));
        Assert.Equal(Naive(open, 8, wishes), steps.Select(step => step.Changed!.Value.Token));
        Assert.NotEqual(steps.Select(step => step.Plain!.Value.Token), steps.Select(step => step.Changed!.Value.Token));
        Assert.Equal(open.Ask(s_text).Output.Top[0].Probability, steps[0].Plain!.Value.Probability);
        Assert.Equal(open.Ask(s_text, interventions: wishes).Effect!.Output.Top[0].Probability, steps[0].Changed!.Value.Probability);

        GeneratedStep[] alone = open.Generate(new GenerationRequest { Ids = s_text, Tokens = 8 });
        Assert.Equal(steps.Select(step => step.Plain), alone.Select(step => step.Plain));
        Assert.All(alone, step => Assert.Null(step.Changed));
    }

    [Fact]
    public void A_text_ends_at_its_end_token_and_the_other_goes_on()
    {
        using var open = Open();
        string[] wishes = ["L0N3:set:4", "L1N5:set:-3"];
        GeneratedStep[] steps = open.Generate(new GenerationRequest { Ids = s_text, Tokens = 10 }, wishes);
        int[] plain = [.. steps.Select(step => step.Plain!.Value.Token)];
        int[] changed = [.. steps.Select(step => step.Changed!.Value.Token)];
        int end = plain.First(token => !changed.Contains(token));
        GeneratedStep[] ended = open.Generate(new GenerationRequest { Ids = s_text, Tokens = 10, EndToken = end }, wishes);
        int at = Array.IndexOf(plain, end);
        Assert.True(ended[at].Plain!.Value.Ends);
        Assert.All(ended.Skip(at + 1), step => Assert.Null(step.Plain));
        Assert.Equal(changed, ended.Select(step => step.Changed!.Value.Token));
    }

    [Fact]
    public void A_full_context_ends_all_texts()
    {
        using var open = Open();
        int[] almost = [.. Enumerable.Range(0, 62).Select(i => i + 3)];
        GeneratedStep[] steps = open.Generate(new GenerationRequest { Ids = almost, Tokens = 10 });
        Assert.Equal([false, true], steps.Select(step => step.Plain!.Value.Ends));
    }

    [Fact]
    public void Draws_depend_on_the_seed_alone()
    {
        using var open = Open();
        int[] Draw(ulong seed, double temperature) => [.. open.Generate(new GenerationRequest { Ids = s_text, Tokens = 12, Seed = seed, Temperature = temperature }).Select(step => step.Plain!.Value.Token)];
        Assert.Equal(Draw(1, 1), Draw(1, 1));
        Assert.NotEqual(Draw(1, 1), Draw(2, 1));
        Assert.Equal(Naive(open, 12, []), Draw(1, 1e-6));   // cold as no temperature at all

        // 400 first tokens as often as their probability says, within five standard deviations.
        ReadToken likely = open.Ask(s_text).Output.Top[0];
        int hits = Enumerable.Range(0, 400).Count(seed => open.Generate(new GenerationRequest { Ids = s_text, Tokens = 1, Seed = (ulong)seed, Temperature = 1 })[0].Plain!.Value.Token == likely.Token);
        Assert.InRange(hits, (400 * likely.Probability) - (5 * Math.Sqrt(400 * likely.Probability)), (400 * likely.Probability) + (5 * Math.Sqrt(400 * likely.Probability)));
    }

    [Fact]
    public void What_cannot_be_run_is_refused_before_the_first_step()
    {
        using var open = Open();
        Assert.Equal("KH7104", Assert.Throws<InputRefusedException>(() => new PromptGenerator(open.Model, open.Pass, open.Reader).Run(new GenerationRequest { Ids = s_text, Interventions = open.Resolve("L0N0:off:5") })).Code);
        using var stop = new CancellationTokenSource();
        IEnumerable<GeneratedStep> steps = new PromptGenerator(open.Model, open.Pass, open.Reader).Run(new GenerationRequest { Ids = s_text }, stop.Token);
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (GeneratedStep step in steps)
            {
                Assert.True(step.Step < 3);
                if (step.Step == 2)
                {
                    stop.Cancel();
                }
            }
        });
    }

    private OpenDebugger Open() => new(_run.Model(TinyModel.Llama(vocabulary: TinyTokenizer.Size)), study: null);

    // Every step by itself: all logits of a run with the changes as the documentation has them.
    private static IEnumerable<int> Naive(OpenDebugger open, int count, string[] wishes)
    {
        List<int> ids = [.. s_text];
        while (ids.Count < s_text.Length + count)
        {
            var capture = new SiteCapture(open.Model.Spec, ids.Count, ["logits"]);
            CoefficientChange[] changes = [.. open.Resolve(wishes).SelectMany(wish => wish.Changes(0, s_text.Length, ids.Count))];
            open.Pass.Run(TokenBatch.OfText([.. ids]), capture, new CoefficientChanges(open.Model.Spec, changes), TestContext.Current.CancellationToken);
            double[] last = [.. capture.Values(Site.Logits, open.Model.Spec.LayerCount)[^open.Model.Spec.VocabularySize..].Select(logit => (double)logit)];
            ids.Add(NaiveTracer.Argmax(last));
            yield return ids[^1];
        }
    }
}
