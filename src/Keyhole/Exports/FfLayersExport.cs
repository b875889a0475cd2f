using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Keyhole.Compat;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>
/// Exports trigger examples in the two forms of the paper's released code: its JSON lines, one per dimension with every layer's examples, and a text file
/// per dimension and layer (docs/formats/export.md).
/// </summary>
/// <remarks>
/// That code knows positive coefficients only, so the negative pole of gated memories is left out. It counts a start token as position 0 whether the model
/// has one or not, and puts stars around the word after the prefix, or the prefix's last word where none follows; so is it here. Its tables begin as zeros, so a study
/// mined with <c>--compat ff-layers</c> has its short lists filled up.
/// </remarks>
public static class FfLayersExport
{
    /// <summary>Name of the JSON lines.</summary>
    public const string File = "trigger_examples.jsonl";

    /// <summary>Folder of the text files.</summary>
    public const string TextFolder = "trigger_examples";

    private const double LinesShare = 0.5;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes the files; they replace older ones together, when all are whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="directory">Folder, made where it is missing.</param>
    /// <param name="options">Which memories.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Names of the files.</returns>
    /// <exception cref="StudyNotWrittenException">KH5120: the folder cannot be written.</exception>
    /// <exception cref="InputRefusedException">KH5105: the study is damaged; KH5133: the selection does not fit it; KH5134: its model has experts.</exception>
    /// <exception cref="OperationCanceledException">The export was stopped.</exception>
    public static IReadOnlyList<string> Write(Study study, string directory, ExportOptions options, CancellationToken cancellationToken = default)
    {
        ExportRun run = new(study, options, cancellationToken);
        ShownTexts.RequireNoExperts(study, "ff-layers");
        using ExportFolder folder = new(directory);
        int[] dimensions = options.Selection.Neurons is null
            ? [.. Enumerable.Range(0, study.Shape.Widths.Max())]
            : [.. options.Selection.Neurons.Where(options.Selection.Contains).Select(id => id.Index).Distinct().Order()];
        folder.Write(File, stream => WriteLines(run, dimensions, stream));
        foreach (MemoryRecord memory in run.Memories(TextFolder, LinesShare, 1))
        {
            folder.Write($"{TextFolder}/{memory.Id.Index}_{memory.Id.Layer}.txt", stream => WriteText(study, memory, stream), flush: false);
        }

        return folder.Complete();
    }

    // A line is of all layers, the study is in order of layers: a memory is looked up where its line needs it.
    private static void WriteLines(ExportRun run, int[] dimensions, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        foreach (int dimension in run.Each(File, dimensions, dimensions.Length, 0, LinesShare))
        {
            lines.Line(json =>
            {
                json.WriteNumber("dim", dimension);
                json.WriteStartArray("top_values");
                for (int layer = 0; layer < run.Study.Shape.Layers; layer++)
                {
                    json.WriteStartArray();
                    NeuronId id = new(layer, dimension);
                    if (run.Writes(id) && run.Study.Memory(id) is { } memory)
                    {
                        WriteTriggers(json, run.Study, memory);
                    }

                    json.WriteEndArray();
                }

                json.WriteEndArray();
            });
        }
    }

    private static void WriteTriggers(Utf8JsonWriter json, Study study, MemoryRecord memory)
    {
        int rank = 0;
        foreach (Trigger trigger in Triggers(study, memory))
        {
            StudyUnit unit = study.UnitOf(memory.Id, trigger);
            json.WriteStartObject();
            json.WriteNumber("rank", rank++);
            json.WriteNumber("layer_index", memory.Id.Layer);
            json.WriteNumber("token_indice", trigger.Position + (HasStart(unit) ? 0 : 1));
            MemoryJson.WriteNumber(json, "fc1_value", trigger.Coefficient);
            json.WriteString("text", unit.Text);
            json.WriteEndObject();
        }
    }

    private static void WriteText(Study study, MemoryRecord memory, Stream stream)
    {
        using StreamWriter text = new(stream, Utf8, leaveOpen: true);
        foreach (Trigger trigger in Triggers(study, memory))
        {
            StudyUnit unit = study.UnitOf(memory.Id, trigger);
            text.Write(CsvLines.Number(trigger.Coefficient));
            text.Write('\t');
            int end = Math.Min(trigger.Position + 1, unit.Tokens.Length - 1);
            string[] tokens = ShownTexts.Tokens(study, unit);
            for (int position = HasStart(unit) ? 1 : 0; position <= end; position++)
            {
                string token = OneWord(tokens[position]);
                if (position == end)
                {
                    token = token.Length > 0 ? token : OneWord(study.TokenPiece(unit.Tokens[position]) ?? string.Empty);
                    text.Write($"*{token}*");
                }
                else if (token.Length > 0)
                {
                    text.Write(token);
                    text.Write(' ');
                }
            }

            text.Write('\n');
        }
    }

    // In a study mined for comparison a short list is filled up as the code's tables begin: value 0 at the start of the first sentence.
    private static IEnumerable<Trigger> Triggers(Study study, MemoryRecord memory)
    {
        ImmutableSortedDictionary<string, string> options = study.Provenance.Options;
        int missing = options.GetValueOrDefault(CompatMode.Option) == CompatMode.FfLayers && int.TryParse(options.GetValueOrDefault("top"), NumberStyles.None, CultureInfo.InvariantCulture, out int top)
            ? Math.Max(0, top - memory.Positive.Length)
            : 0;
        return missing == 0 ? memory.Positive : memory.Positive.Concat(Enumerable.Repeat(new Trigger(0, float.NaN, 0, HasStart(study.Unit(0)) ? 0 : -1, -1), missing));
    }

    private static bool HasStart(StudyUnit unit) => unit.Spans[0].IsEmpty;

    // Tokens are told apart by spaces and examples by line breaks, so neither may stand inside a token.
    private static string OneWord(string token)
        => string.Join('␣', token.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
