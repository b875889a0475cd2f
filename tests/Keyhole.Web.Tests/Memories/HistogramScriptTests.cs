using System.Globalization;
using Keyhole.Memories;
using Keyhole.Web.Serving;
using Keyhole.Web.Site;
using Xunit;
using JavaScript = Jint.Engine;

namespace Keyhole.Web.Tests.Memories;

/// <summary>The page's script places coefficients among the bins that mining counted them in.</summary>
public class HistogramScriptTests
{
    private const string Entry = "/js/test.js";

    [Fact]
    public void A_coefficient_stands_in_its_bin()
    {
        using var engine = new JavaScript();
        engine.Execute(ModuleBundle.Of(Entry, path => path == Entry ? "import { binPosition } from \"./memory/histogram.js\";\nglobalThis.binPosition = binPosition;\n" : PageFiles.Text(path)));
        var random = new Random(3);
        float[] values = [0, 1, 1.1f, 49152, 60000, 1e-9f, 1.6e-5f, .. Enumerable.Range(0, 2000).Select(_ => (float)Math.Pow(2, (random.NextDouble() * 40) - 22))];
        foreach (float value in values)
        {
            Assert.Equal(ActivationHistogram.BinOf(value), (int)Position(value));
            if (Position(value) % 1 != 0)   // where an edge is met exactly it is the lower one's bin on the left of zero
            {
                Assert.Equal(ActivationHistogram.BinOf(-value), (int)Position(-value));
            }
        }

        for (int bin = 1; bin < ActivationHistogram.Bins; bin++)
        {
            Assert.Equal(bin, Position(ActivationHistogram.Edges[bin]), 1e-9);
        }

        double Position(double value) => (double)engine.Evaluate(string.Create(CultureInfo.InvariantCulture, $"binPosition({value:R})")).ToObject()!;
    }
}
