using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;
using Keyhole.Studies;

namespace Keyhole.Values;

/// <summary>Runs the units of prefixes once, as far as the last prefix of each, and reads the model's own prediction after every prefix.</summary>
internal static class ModelReadings
{
    private const int BatchTokens = 16_384;
    private const int BatchPrefixes = 8_192;

    /// <summary>Readings by (unit, position).</summary>
    /// <param name="study">The study whose units the prefixes name.</param>
    /// <param name="model">Its model.</param>
    /// <param name="reader">The model's head.</param>
    /// <param name="prefixes">Unit, and last position; may repeat.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops within a batch.</param>
    public static IReadOnlyDictionary<(int Unit, int Position), ModelReading> Read(Study study, Model model, VocabularyReader reader, IEnumerable<(int Unit, int Position)> prefixes, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        (int Unit, int[] Positions)[] units = [.. prefixes.Distinct().GroupBy(prefix => prefix.Unit).OrderBy(unit => unit.Key).Select(unit => (unit.Key, unit.Select(prefix => prefix.Position).Order().ToArray()))];
        var readings = new Dictionary<(int, int), ModelReading>();
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = threads, KeepLayers = PassOptions.KeepsLayers(model.Spec) });
        for (int first = 0; first < units.Length;)
        {
            var ids = new List<int>();
            var starts = new List<int> { 0 };
            var rows = new List<(int Row, int Unit, int Position, int Target)>();
            int next = first;
            for (; next < units.Length && ids.Count < BatchTokens && rows.Count < BatchPrefixes; next++)
            {
                (int index, int[] positions) = units[next];
                StudyUnit unit = study.Unit(index);
                rows.AddRange(positions.Select(position => (ids.Count + position, index, position, position + 1 < unit.Tokens.Length ? unit.Tokens[position + 1] : -1)));
                ids.AddRange(unit.Tokens.AsSpan(0, positions[^1] + 1));
                starts.Add(ids.Count);
            }

            Read(pass, reader, new TokenBatch([.. ids], [.. starts]), model.Spec, rows, readings, cancellation);
            first = next;
            progress?.Report((double)first / units.Length);
        }

        return readings;
    }

    private static void Read(ForwardPass pass, VocabularyReader reader, TokenBatch batch, ModelSpec spec, List<(int Row, int Unit, int Position, int Target)> rows, Dictionary<(int, int), ModelReading> readings, CancellationToken cancellation)
    {
        using var states = new AlignedBuffer((long)rows.Count * spec.Width);
        var observer = new RowCapture(Site.ResidPost, spec.LayerCount - 1, [.. rows.Select(row => row.Row)], states.Matrix(rows.Count, spec.Width));
        pass.Run(batch, observer, cancellation);
        using var prepared = new AlignedBuffer((long)rows.Count * reader.Width);
        MatrixView matrix = prepared.Matrix(rows.Count, reader.Width);
        var scales = new float[rows.Count];
        reader.PrepareStates(states.Matrix(rows.Count, spec.Width), matrix, scales);
        ScanResult result = reader.Scan(matrix, new ScanOptions { Scales = scales, LogSumExp = true, Probes = ScanProbes.Each(1, [.. rows.Select(row => Math.Max(0, row.Target))]) }, cancellation: cancellation);
        for (int i = 0; i < rows.Count; i++)
        {
            (int _, int unit, int position, int target) = rows[i];
            readings[(unit, position)] = new ModelReading(result.TopTokens[i], target < 0 ? double.NaN : Math.Exp(result.ProbeLogits[i] - result.LogSumExp[i]));
        }
    }
}
