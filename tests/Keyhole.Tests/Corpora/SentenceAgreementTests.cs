using System.Text.Json;
using Keyhole.Corpora;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Corpora;

/// <summary>Against pysbd 0.3.4 (<c>Golden/sentences</c>): a second opinion, so a share of agreement and not equality.</summary>
public class SentenceAgreementTests
{
    [Fact]
    public void Boundaries_agree_with_pysbd()
    {
        Agreement all = Measure(_ => true);
        Assert.True(all.WithEnds >= 0.955, $"F1 with the ends of paragraphs is {all.WithEnds:F4}.");
        Assert.True(all.Inner >= 0.935, $"F1 inside paragraphs is {all.Inner:F4}.");
    }

    [Fact]
    public void Boundaries_inside_paragraphs_agree_but_for_its_cuts_within_WikiText_numbers()
    {
        // pysbd takes the full stop of "0 @.@ 7" for the end of a sentence; paragraphs with one are left out here.
        Agreement clean = Measure(text => !text.Contains("@.@", StringComparison.Ordinal));
        Assert.True(clean.Inner >= 0.955, $"F1 inside paragraphs is {clean.Inner:F4}.");
    }

    private static Agreement Measure(Func<string, bool> wanted)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.Repository, "tests", "Keyhole.Tests", "Golden", "sentences", "cases.json")));
        int both = 0, ours = 0, theirs = 0, paragraphs = 0;
        foreach (JsonElement c in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string text = c.GetProperty("text").GetString()!;
            if (!wanted(text)) continue;
            HashSet<int> got = Ends(SentenceSplitter.Split(text).Select(s => text.Substring(s.Start, s.Length)));
            HashSet<int> want = Ends(c.GetProperty("sentences").EnumerateArray().Select(s => s.GetString()!));
            Assert.Equal(want.Max(), got.Max());
            paragraphs++;
            ours += got.Count;
            theirs += want.Count;
            both += got.Count(want.Contains);
        }

        return new Agreement(F1(both, ours, theirs), F1(both - paragraphs, ours - paragraphs, theirs - paragraphs));
    }

    private static double F1(int both, int ours, int theirs) => 2.0 * both / (ours + theirs);

    /// <summary>The ends of sentences, counted in characters that are not white space.</summary>
    private static HashSet<int> Ends(IEnumerable<string> sentences)
    {
        HashSet<int> ends = [];
        int at = 0;
        foreach (string sentence in sentences) ends.Add(at += sentence.Count(c => !char.IsWhiteSpace(c)));
        return ends;
    }

    private sealed record Agreement(double WithEnds, double Inner);
}
