using System.Text.Json;
using Keyhole.Compat;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Tests.Exports;
using Xunit;

namespace Keyhole.Tests.Studies.Analysis;

/// <summary>The released code's numbers in a study and in its export.</summary>
public sealed class CompatTableTests : IDisposable
{
    private static readonly Dictionary<string, string> s_options = new() { ["compat"] = "ff-layers", ["seed"] = "3" };

    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Prefixes_read_back()
    {
        using (Study before = SmallStudies.Plain(_sample))
        {
            Assert.Null(CompatTable.Read(before));
        }

        Write([.. Traces(7, seed: 1)]);   // is replaced
        CompatTrace[] expected = Traces(20, seed: 2);
        Write(expected);
        using Study study = Study.Open(_sample.PathOf("plain.db"));
        IReadOnlyList<CompatTrace> got = CompatTable.Read(study)!;
        Assert.Equal(expected.Length, got.Count);
        Assert.All(expected.Zip(got), pair =>
        {
            Assert.Equal(pair.First with { Layers = default }, pair.Second with { Layers = default });
            Assert.Equal(pair.First.Layers.AsEnumerable(), pair.Second.Layers.AsEnumerable());
        });
        Assert.Equal(s_options, AnalysisSections.Read(study, AnalysisSections.Compat));
        Assert.Equal(expected.Sum(trace => trace.Layers.Count(layer => layer.OutputTopIsNotUpdateTop)), study.Query("SELECT sum(residual_argmax_change) FROM compat", row => row.GetInt32(0)).Single());
    }

    [Fact]
    public void A_missing_layer_is_damage()
    {
        SmallStudies.Plain(_sample).Dispose();
        Write(Traces(5, seed: 2));
        using (StudyEditor editor = StudyEditor.Open(_sample.PathOf("plain.db")))
        {
            editor.Execute("DELETE FROM compat WHERE prefix = 2 AND layer = 1");
            editor.Commit();
        }

        using Study study = Study.Open(_sample.PathOf("plain.db"));
        Assert.Equal("KH5105", Assert.Throws<InputRefusedException>(() => CompatTable.Read(study)).Code);
    }

    [Fact]
    public void The_export_has_the_codes_fields_with_an_array_over_the_layers()
    {
        SmallStudies.Plain(_sample).Dispose();
        CompatTrace[] traces = Traces(4, seed: 5);
        Write(traces);
        using Study study = Study.Open(_sample.PathOf("plain.db"));
        IReadOnlyList<string> files = JsonlExport.Write(study, _sample.PathOf("out"), TestContext.Current.CancellationToken);
        Assert.Equal(["neurons.jsonl", "units.jsonl", "analysis.json", "compat.jsonl"], files);
        JsonElement[] lines = [.. File.ReadLines(_sample.PathOf("out/compat.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(traces.Select(trace => (trace.Unit, trace.Position)), lines.Select(line => (line.GetProperty("sentence").GetInt32(), line.GetProperty("random_pos").GetInt32())));

        // Names and order of a record of the code, shared/conformance/fairseq-tiny/golden-analysis.json.
        Assert.Equal(["sentence", "random_pos", "layer_output_argmax", "layer_output_argmax_prob", "residual_argmax", "residual_argmax_prob", "residual_output_rank", "residual_output_prob",
            "residual_argmax_change", "ffn_argmax", "ffn_argmax_prob", "ffn_output_rank", "ffn_output_prob", "ffn_residual_output_rank", "ffn_residual_output_prob",
            "ffn_matching_dims_count", "coeffs_l0", "coeffs_residual_rank"], lines[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(traces[1].Layers.Select(layer => layer.FinalRankInUpdate), lines[1].GetProperty("ffn_output_rank").EnumerateArray().Select(value => value.GetInt32()));
        Assert.Equal(traces[1].Layers.Select(layer => layer.ResidualTopProbabilityInUpdate), lines[1].GetProperty("ffn_residual_output_prob").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal("ff-layers", JsonDocument.Parse(File.ReadAllBytes(_sample.PathOf("out/analysis.json"))).RootElement.GetProperty("options").GetProperty("compat").GetProperty("compat").GetString());
    }

    private void Write(CompatTrace[] traces)
    {
        using StudyEditor editor = StudyEditor.Open(_sample.PathOf("plain.db"));
        CompatTable.Write(editor, s_options, traces);
        editor.Commit();
    }

    private static CompatTrace[] Traces(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new CompatTrace
        {
            Unit = random.Next(100),
            Position = random.Next(9),
            Layers = [.. Enumerable.Range(0, 3).Select(_ => new CompatReading
            {
                OutputTop = random.Next(4),
                OutputTopProbability = random.NextDouble(),
                ResidualTop = random.Next(4),
                ResidualTopProbability = random.NextDouble(),
                FinalRankInResidual = random.Next(50),
                FinalProbabilityInResidual = random.NextDouble(),
                UpdateTop = random.Next(4),
                UpdateTopProbability = random.NextDouble(),
                FinalRankInUpdate = random.Next(50),
                FinalProbabilityInUpdate = random.NextDouble(),
                ResidualTopRankInUpdate = random.Next(50),
                ResidualTopProbabilityInUpdate = random.NextDouble(),
                MatchingMemories = random.Next(8),
                PositiveEntries = random.Next(8),
                ResidualNormRank = random.Next(8),
            })],
        })];
    }
}
