using System.Text.Json.Nodes;
using Keyhole.Reports.Contents;
using Keyhole.Reports.Figures;
using Keyhole.Statistics;
using Keyhole.Tests.Studies;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Reports.Figures;

public sealed class FigureTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Every_figure_of_the_paper_has_its_number_and_the_published_shape()
    {
        Figure[] numbered = [.. ReportFigures.Of(SyntheticReport.Full(_sample)).Where(figure => figure.Number.Length > 0)];
        Assert.Equal(Enumerable.Range(2, 10).Select(number => $"Fig. {number}"), numbered.Select(figure => figure.Number));
        Assert.All(numbered, figure => Assert.NotEmpty(figure.Published));
        Assert.All(numbered, figure => Assert.StartsWith($"fig-{int.Parse(figure.Number[5..]):00}-", figure.Key, StringComparison.Ordinal));
    }

    [Fact]
    public void Specifications_are_whole_and_hold_their_data()
    {
        foreach (Figure figure in ReportFigures.Of(SyntheticReport.Full(_sample)))
        {
            JsonObject spec = figure.Spec();
            JsonArray rows = spec["data"]!["values"]!.AsArray();
            Assert.Equal(figure.Table.Rows.Count, rows.Count);
            Assert.Equal(figure.Table.Columns, rows[0]!.AsObject().Select(member => member.Key));
            string text = spec.ToJsonString();
            Assert.DoesNotContain("\"@", text, StringComparison.Ordinal);      // a placeholder that nothing filled
            Assert.DoesNotContain("\"needs\"", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\"url\"", text, StringComparison.Ordinal);  // data from elsewhere
            Assert.All(Fields(spec), field => Assert.Contains(field, (string[])[.. figure.Table.Columns, "at", "label"]));
        }
    }

    [Fact]
    public void Keys_are_file_names_and_unique()
    {
        string[] keys = [.. ReportFigures.Of(SyntheticReport.Full(_sample)).Select(figure => figure.Key)];
        Assert.Distinct(keys);
        Assert.All(keys, key => Assert.Matches("^[A-Za-z0-9-]+$", key));
    }

    [Fact]
    public void Agreement_is_in_percent_with_its_interval_and_nulls()
    {
        AgreementContent agreement = SyntheticReport.Agreement();
        FigureTable table = AgreementFigures.Agreement(agreement).Table;
        LayerAgreement layer = agreement.Layers[5];
        Interval interval = layer.Agreement.Wilson();
        Assert.Contains(table.Rows, row => row[0] is 5 && (string)row[1]! == "the token that follows (agreement)"
            && (double)row[2]! == 100 * layer.Agreement.Value && (double)row[3]! == 100 * interval.Lower && (double)row[4]! == 100 * interval.Upper && row[5] is 4096L);
        Assert.Equal(4, table.Rows.Select(row => row[1]).Distinct().Count());
        JsonArray references = AgreementFigures.Agreement(agreement).Parameters["references"].AsArray();
        Assert.Equal(100.0 / 50000, references[0]!["at"]!.GetValue<double>(), 12);
    }

    [Fact]
    public void Ranks_are_counted_from_one_for_the_logarithm()
    {
        AgreementContent agreement = SyntheticReport.Agreement();
        IReadOnlyList<object?> row = AgreementFigures.Ranks(agreement, 50000).Table.Rows[0];
        Assert.Equal(agreement.Layers[0].TargetRank.Median + 1, (double)row[3]!);
    }

    [Fact]
    public void The_breakdown_of_a_layer_adds_up()
    {
        FigureTable table = CompositionFigures.Breakdown(SyntheticReport.Composition(), linear: false).Table;
        Assert.All(table.Rows.GroupBy(row => row[0]), layer => Assert.Equal(100, layer.Sum(row => (double)row[3]!), 9));
        Assert.Equal(5, table.Rows.Count(row => row[0] is 0));
    }

    [Fact]
    public void Figures_of_missing_sections_have_no_rows()
    {
        Figure[] figures = [.. ReportFigures.Of(SyntheticReport.ValuesOnly(_sample))];
        Assert.All(figures.Where(figure => figure.Section.Length > 0), figure => Assert.Equal(figure.Section == "values", figure.IsDrawn));
    }

    [Fact]
    public void A_table_is_csv_as_well()
    {
        var table = new FigureTable("name", "value");
        table.Add("a, \"b\"\n", 0.1);
        table.Add(null, double.NaN);
        table.Add("c", 3L);
        Assert.Equal("name,value\n\"a, \"\"b\"\"\n\",0.1\n,\nc,3\n", table.ToCsv());
        Assert.Throws<ArgumentException>(() => table.Add(1));
    }

    private static IEnumerable<string> Fields(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => member.Key == "field" && member.Value is JsonValue value ? [value.GetValue<string>()] : member.Key is "data" or "config" ? [] : Fields(member.Value)),
        JsonArray items => items.SelectMany(Fields),
        _ => [],
    };
}
