using System.Globalization;
using Keyhole.Memories;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>Compares a mined list with a golden one that goes on beyond its end.</summary>
internal static class TriggerListComparison
{
    /// <summary>
    /// Every golden entry clear of the list's end is there with its own coefficient, and every mined entry is a golden one or lies at the end.
    /// Tolerance of an entry: relative * |c| + 1e-5 * (the memory's largest) + 2e-6.
    /// </summary>
    public static void Require(string memory, IReadOnlyList<Trigger> mined, IReadOnlyList<Trigger> golden, int top, double relative)
    {
        double largest = golden.Count == 0 ? 0 : Math.Abs(golden[0].Coefficient);
        double Tolerance(double c) => (relative * Math.Abs(c)) + (1e-5 * largest) + 2e-6;
        double end = mined.Count < top ? 0 : Math.Abs(mined[^1].Coefficient);
        var found = mined.ToDictionary(trigger => (trigger.Unit, trigger.Position));
        foreach (Trigger expected in golden)
        {
            double c = Math.Abs(expected.Coefficient);
            if (c <= end + Tolerance(c))
            {
                continue;
            }

            Assert.True(found.TryGetValue((expected.Unit, expected.Position), out Trigger got), Text($"{memory}: golden trigger {expected} is missing; the list ends at {end}."));
            Assert.True(Math.Abs(got.Coefficient - expected.Coefficient) <= Tolerance(c), Text($"{memory}: {got}, golden {expected}."));
            Assert.Equal(expected.Target, got.Target);
            if (!float.IsNaN(expected.Gate))
            {
                Assert.True(Math.Abs(got.Gate - expected.Gate) <= 1e-3 * Math.Max(1, Math.Abs(expected.Gate)), Text($"{memory}: gate {got.Gate}, golden {expected.Gate}."));
            }
        }

        var known = golden.ToDictionary(trigger => (trigger.Unit, trigger.Position));
        double goldenEnd = golden.Count == 0 ? 0 : Math.Abs(golden[^1].Coefficient);
        foreach (Trigger got in mined)
        {
            double c = Math.Abs(got.Coefficient);
            Assert.True(known.ContainsKey((got.Unit, got.Position)) || c <= Math.Max(goldenEnd, end) + Tolerance(c), Text($"{memory}: {got} is not among the golden triggers."));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
