using System.Net;
using System.Text.Json;
using Xunit;

namespace Keyhole.Web.Tests.Overview;

/// <summary>The report's figures and the study's provenance, for the page.</summary>
public class FigureTests(WebFixture web)
{
    [Fact]
    public async Task Every_figure_of_the_report_is_there_with_its_data()
    {
        JsonElement answer = await web.Get("/api/figures");
        JsonElement[] figures = [.. answer.GetProperty("figures").EnumerateArray()];
        string[] numbers = [.. figures.Select(figure => figure.GetProperty("number").GetString()!).Where(number => number.Length > 0)];
        Assert.Equal(["Fig. 2", "Fig. 3", "Fig. 4", "Fig. 5", "Fig. 6", "Fig. 7", "Fig. 8", "Fig. 9", "Fig. 10", "Fig. 11"], numbers);
        foreach (JsonElement figure in figures)
        {
            if (figure.GetProperty("missing").ValueKind == JsonValueKind.String)
            {
                // Made by commands of their own, which this study has not seen.
                Assert.Matches("keyhole (patterns|features) STUDY", figure.GetProperty("missing").GetString());
                continue;
            }

            JsonElement rows = figure.GetProperty("spec").GetProperty("data").GetProperty("values");
            Assert.True(rows.GetArrayLength() > 0);
            Assert.Equal(figure.GetProperty("columns").EnumerateArray().Select(column => column.GetString()), rows[0].EnumerateObject().Select(column => column.Name));
        }

        // The share of values that agree, counted anew from the strip's source, is the figure's.
        using Studies.Study study = Studies.Study.Open(web.Served.Study);
        Values.LayerAgreement agreement = Analyses.StudyAnalysis.Read(study).Agreement!.Layers[2];
        JsonElement drawn = figures.First(figure => figure.GetProperty("number").GetString() == "Fig. 4").GetProperty("spec").GetProperty("data").GetProperty("values").EnumerateArray()
            .First(row => row.GetProperty("layer").GetInt32() == 2 && row.GetProperty("series").GetString()!.Contains("(agreement)", StringComparison.Ordinal));
        Assert.Equal(100 * agreement.Agreement.Value, drawn.GetProperty("value").GetDouble(), 1e-9);
    }

    [Fact]
    public async Task Figures_are_made_once()
    {
        using HttpResponseMessage first = await web.Client.GetAsync("/api/figures", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/api/figures");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        using HttpResponseMessage second = await web.Client.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Provenance_names_the_model_the_corpus_and_the_options_but_no_folder_of_the_machine()
    {
        using HttpResponseMessage answer = await web.Client.GetAsync("/api/provenance", TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        JsonElement body = await WebFixture.Body(answer, HttpStatusCode.OK);
        Assert.Equal(["Model", "Corpus", "Options", "Run"], body.GetProperty("groups").EnumerateArray().Take(4).Select(group => group.GetProperty("title").GetString()));
        Assert.Contains(body.GetProperty("groups").EnumerateArray(), group => group.GetProperty("title").GetString() == "Analysis: values");
        Assert.DoesNotContain("location", text, StringComparison.Ordinal);
    }
}
