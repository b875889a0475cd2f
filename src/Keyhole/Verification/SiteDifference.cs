using Keyhole.Engine.Capture;

namespace Keyhole.Verification;

/// <summary>How far a model's values are from one tensor of a reference capture.</summary>
/// <param name="Name">The tensor's name in the file.</param>
/// <param name="Site">The site.</param>
/// <param name="Layer">Its layer; null for logits and what is read from them.</param>
/// <param name="Form">What the tensor holds of the site.</param>
/// <param name="Count">Values compared.</param>
/// <param name="Maximum">Largest absolute difference; NaN where the model gave NaN.</param>
/// <param name="Median">Median absolute difference.</param>
/// <param name="Largest">Largest absolute value of the reference.</param>
public sealed record SiteDifference(string Name, Site Site, int? Layer, ReferenceForm Form, int Count, double Maximum, double Median, double Largest)
{
    /// <summary>The figure that is judged: <see cref="Maximum"/> relative to <see cref="Largest"/>; 0 where both are 0.</summary>
    public double Relative => Maximum == 0 ? 0 : Maximum / Largest;

    /// <summary>Measures the difference; sums and differences in double precision.</summary>
    internal static SiteDifference Of(ReferenceName name, double[] expected, double[] got)
    {
        var differences = new double[expected.Length];
        double largest = 0;
        double maximum = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            differences[i] = Math.Abs(got[i] - expected[i]);
            largest = Math.Max(largest, Math.Abs(expected[i]));
            maximum = Math.Max(maximum, differences[i]);
        }
        Array.Sort(differences);
        int middle = differences.Length / 2;
        double median = differences.Length % 2 == 1 ? differences[middle] : (differences[middle - 1] + differences[middle]) / 2;
        return new SiteDifference(name.Name, name.Site, name.Site == Site.Logits ? null : name.Layer, name.Form, expected.Length, maximum, median, largest);
    }
}
