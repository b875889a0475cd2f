using Keyhole.Patterns;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Patterns;

/// <summary>A model whose memories are known, mined as any other.</summary>
public sealed class DetectorModelTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Memories_made_to_detect_tokens_bigrams_and_nothing_are_told_apart()
    {
        string model = _run.Model(DetectorModel.Create(), moreTokens: DetectorModel.Words + DetectorModel.Unique);
        using Study study = TinyRun.Mine(_run.Options(model, _run.Corpus(DetectorModel.Lines())));
        PatternResult result = PatternFinder.Find(study, new PatternOptions { Threads = 2 }, cancellation: TestContext.Current.CancellationToken);
        MemoryPatterns[] tokens = [.. result.Lists.Where(list => list.Id.Index < DetectorModel.LastTokens)];
        MemoryPatterns[] bigrams = [.. result.Lists.Where(list => list.Id.Index is >= DetectorModel.LastTokens and < DetectorModel.LastTokens + DetectorModel.Bigrams)];
        MemoryPatterns[] nothings = [.. result.Lists.Where(list => list.Id.Index >= DetectorModel.LastTokens + DetectorModel.Bigrams)];
        Assert.Equal((DetectorModel.LastTokens, DetectorModel.Bigrams, DetectorModel.Nothings), (tokens.Length, bigrams.Length, nothings.Length));
        double tokenPower = tokens.Average(list => list.Patterns.Any(pattern => pattern.Class == PatternClass.LastToken && pattern.Text == $"ends in '<more{list.Id.Index}>'" && pattern.Ranks.Length == list.Prefixes) ? 1.0 : 0);
        double bigramPower = bigrams.Average(list => list.Patterns.Any(pattern => pattern.Class == PatternClass.LastBigram && pattern.Text == Text(list.Id.Index) && pattern.Ranks.Length == list.Prefixes) ? 1.0 : 0);
        Assert.True(tokenPower >= 0.95, $"last tokens: power {tokenPower}");
        Assert.True(bigramPower >= 0.95, $"bigrams: power {bigramPower}");
        int wrong = nothings.Count(list => list.Patterns.Length > 0);
        Assert.True(wrong <= 0.05 * result.Lists.Count(list => list.Patterns.Length > 0), $"{wrong} memories that detect nothing have a pattern");
    }

    private static string Text(int memory) => DetectorModel.Bigram(memory - DetectorModel.LastTokens) is var (before, last) ? $"ends in '<more{before}><more{last}>'" : string.Empty;
}
