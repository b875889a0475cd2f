using System.Collections.Immutable;
using System.Xml.Linq;
using Keyhole.Reports;
using Keyhole.Reports.Figures;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Reports;

public sealed class FigureFolderTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Every_figure_is_written_as_specification_data_and_drawing()
    {
        ImmutableArray<Figure> figures = ReportFigures.Of(SyntheticReport.Full(_sample));
        string folder = _sample.PathOf("figures");
        List<double> shares = [];
        FigureFolder.Write(figures, folder, (share, _) => shares.Add(share), TestContext.Current.CancellationToken);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(3 * figures.Length, Directory.GetFiles(folder).Length);
        foreach (Figure figure in figures)
        {
            string path = Path.Combine(folder, figure.Key);
            Assert.Equal(figure.Table.ToCsv(), File.ReadAllText(path + ".csv"));
            XElement svg = XDocument.Load(path + ".svg").Root!;
            Assert.Equal("svg", svg.Name.LocalName);
            // Marks of the data, not of axes and legends alone.
            Assert.Contains(svg.Descendants(), group => ((string?)group.Attribute("class"))?.StartsWith("mark-", StringComparison.Ordinal) == true
                && ((string?)group.Attribute("class"))!.Contains("marks", StringComparison.Ordinal) && group.Elements().Any());
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        }
    }
}
