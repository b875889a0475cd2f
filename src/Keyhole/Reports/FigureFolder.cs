using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Keyhole.Exports;
using Keyhole.Reports.Figures;
using Keyhole.Reports.Svg;

namespace Keyhole.Reports;

/// <summary>Writes figures as files: the specification with its data, the data as CSV, and a drawing.</summary>
internal static class FigureFolder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes three files a figure; they are renamed into their places when all are whole.</summary>
    /// <param name="figures">Figures; those without rows are passed over.</param>
    /// <param name="folder">The folder, made where it is missing.</param>
    /// <param name="progress">Receives the share done and the figure being drawn.</param>
    /// <param name="stop">Stops between figures.</param>
    /// <exception cref="Studies.StudyNotWrittenException">KH5120.</exception>
    public static void Write(IReadOnlyList<Figure> figures, string folder, Action<double, string>? progress, CancellationToken stop)
    {
        Figure[] drawn = [.. figures.Where(figure => figure.IsDrawn)];
        using var files = new ExportFolder(folder);
        progress?.Invoke(0, "starting");
        using var renderer = new FigureRenderer();
        for (int i = 0; i < drawn.Length; i++)
        {
            stop.ThrowIfCancellationRequested();
            Figure figure = drawn[i];
            progress?.Invoke((double)i / drawn.Length, figure.Key);
            files.Write($"{figure.Key}.vl.json", stream => stream.Write(Utf8.GetBytes(figure.Spec().ToJsonString(Readable) + "\n")));
            files.Write($"{figure.Key}.csv", stream => stream.Write(Utf8.GetBytes(figure.Table.ToCsv())));
            files.Write($"{figure.Key}.svg", stream => stream.Write(Utf8.GetBytes(renderer.Render(figure) + "\n")));
        }

        files.Complete();
    }
}
