using Keyhole.Corpora;
using Keyhole.Studies;
using Keyhole.Verification.Studies;
using Xunit;

namespace Keyhole.Tests.Verification.Studies;

/// <summary>What tests of verification ask of a verdict.</summary>
internal static class Verdict
{
    /// <summary>Units that a test's sample has.</summary>
    public const int Sample = 9;

    /// <summary>Verifies with a small sample of units, or all.</summary>
    public static StudyVerdict Of(string study, string model, bool full = false, string[]? corpus = null)
        => StudyVerification.Run(new StudyVerificationOptions { Study = study, Model = model, Sample = Sample, Full = full, Corpus = corpus, Threads = 2 }, cancellation: TestContext.Current.CancellationToken);

    /// <summary>The units of that sample.</summary>
    public static int[] Units(Study study) => [.. Enumerable.Range(0, (int)study.UnitCount).OrderBy(unit => CounterHash.Hash(0, (ulong)unit)).Take(Sample)];

    /// <summary>Fails where a check has not failed with a difference that has these words.</summary>
    public static void Named(StudyVerdict verdict, string check, params string[] words)
    {
        Assert.False(verdict.IsVerified);
        StudyCheck failed = Assert.Single(verdict.Checks, c => c.Name == check);
        Assert.True(failed.Failures > 0 && failed.Differences.Any(difference => words.All(word => difference.Contains(word, StringComparison.Ordinal))), Differences(verdict));
    }

    /// <summary>All that was found.</summary>
    public static string Differences(StudyVerdict verdict) => string.Join('\n', verdict.Checks.SelectMany(check => check.Differences.Prepend($"{check.Name}: {check.Failures} of {check.Examined} {check.Note}")));
}
