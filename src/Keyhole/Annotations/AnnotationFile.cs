using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Annotations;

/// <summary>The lines of a file of annotations, each checked by itself; what they say of the study is checked by <see cref="AnnotationImport"/>.</summary>
internal sealed class AnnotationFile
{
    /// <summary>Most bytes of a line.</summary>
    public const int MostLineBytes = 4 << 20;

    /// <summary>Most lines of a file.</summary>
    public const int MostLines = 1_000_000;

    private const int BlockBytes = 1 << 16;

    /// <summary>The project; null where the file has free labels alone.</summary>
    public AnnotationProject? Project { get; private set; }

    /// <summary>Texts of the prefixes of each sheet of the project, in its order.</summary>
    public List<(int Line, ImmutableArray<SheetText> Texts)> Texts { get; } = [];

    /// <summary>Annotations with their line numbers, from 1.</summary>
    public List<(int Line, Annotation Annotation)> Annotations { get; } = [];

    /// <summary>Free labels with their line numbers.</summary>
    public List<(int Line, FreeLabel Label)> Labels { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="stream">Its bytes.</param>
    /// <param name="study">The study that it must belong to.</param>
    /// <exception cref="InputRefusedException">KH5410: a line cannot be read; KH5411: the file is of another study.</exception>
    public static AnnotationFile Read(string name, Stream stream, StudyProvenance study)
    {
        AnnotationFile file = new();
        List<Sheet> sheets = [];
        (AnnotationOptions Options, byte[] Key, DateTime Created, DateTime? Opened)? project = null;
        int number = 0;
        foreach (ReadOnlyMemory<byte> bytes in Lines(name, stream))
        {
            number++;
            try
            {
                AnnotationLine line = AnnotationLine.Read(bytes);
                string type = line.Text("type");
                if ((number == 1) != (type == "study"))
                {
                    throw new FormatException("the first line, and no other, must be of type 'study'");
                }

                switch (type)
                {
                    case "study":
                        RequireStudy(name, line, study);
                        break;
                    case "project" when project is null:
                        project = ReadProject(line);
                        break;
                    case "sheet" when project is not null:
                        (Sheet sheet, ImmutableArray<SheetText> texts) = ReadSheet(line);
                        sheets.Add(sheet);
                        file.Texts.Add((number, texts));
                        break;
                    case "annotation":
                        file.Annotations.Add((number, ReadAnnotation(line)));
                        break;
                    case "label":
                        file.Labels.Add((number, ReadLabel(line)));
                        break;
                    default:
                        throw new FormatException($"a line of type '{type}' is not expected here");
                }

                line.RequireNoMore();
            }
            catch (Exception wrong) when (wrong is FormatException or InvalidDataException or OverflowException or InvalidOperationException)   // the last: bytes that are no UTF-8
            {
                throw Refused(name, number, wrong.Message, wrong);
            }
        }

        if (number == 0)
        {
            throw new InputRefusedException("KH5410", $"{name}: the file is empty; give one that 'keyhole annotations STUDY --export FILE' wrote.");
        }

        file.Project = project is { } read ? new AnnotationProject(read.Options, read.Key, read.Created, read.Opened, [.. sheets]) : null;
        return file;
    }

    /// <summary>The refusal of a line.</summary>
    public static InputRefusedException Refused(string name, int line, string why, Exception? cause = null)
        => new("KH5410", $"{name}: line {line}: {why.TrimEnd('.')}.", cause);

    private static void RequireStudy(string name, AnnotationLine line, StudyProvenance study)
    {
        if (line.Number("version") != AnnotationExport.Version)
        {
            throw new FormatException($"version {line.Number("version")} of the format; this program reads {AnnotationExport.Version}");
        }

        foreach ((string field, string value) in AnnotatedStudy.Identity(study))
        {
            string other = line.Text(field);
            if (other != value)
            {
                throw new InputRefusedException("KH5411", $"{name}: the annotations belong to another study: its {field} is '{other}', that of this study '{value}'.");
            }
        }
    }

    private static (AnnotationOptions, byte[], DateTime, DateTime?) ReadProject(AnnotationLine line)
    {
        byte[] key = Convert.FromHexString(line.Text("key"));
        return key.Length == 32
            ? (AnnotationTable.ReadOptions(line.Raw("options")), key, AnnotationText.ReadTime(line.Text("created")), line.OptionalText("opened") is { } opened ? AnnotationText.ReadTime(opened) : null)
            : throw new FormatException("'key': 64 hexadecimal digits are expected");
    }

    private static (Sheet, ImmutableArray<SheetText>) ReadSheet(AnnotationLine line)
    {
        SheetKind kind = AnnotationText.ReadSheetKind(line.Text("kind"));
        int layer = line.Number("layer");
        List<SheetPrefix> prefixes = [];
        List<SheetText> texts = [];
        foreach (AnnotationLine prefix in line.Objects("prefixes"))
        {
            prefixes.Add(new SheetPrefix(prefix.Number("unit"), prefix.Number("position")));
            texts.Add(new SheetText(prefix.Text("text"), prefix.Text("last"), IsCut: false));
            prefix.RequireNoMore();
        }

        return (new Sheet
        {
            Id = line.Text("sheet"),
            Kind = kind,
            Layer = layer,
            Memory = kind == SheetKind.True ? ReadMemory(line, layer) : null,
            Pole = kind == SheetKind.True ? PoleName.Parse(line.Text("pole")) : Pole.Positive,
            Prefixes = [.. prefixes],
        }, [.. texts]);
    }

    private static Annotation ReadAnnotation(AnnotationLine line) => new()
    {
        Annotator = line.Text("annotator"),
        Sheet = line.Text("sheet"),
        Revision = line.Number("revision"),
        Key = line.Text("key"),
        Done = line.Truth("done"),
        Begun = AnnotationText.ReadTime(line.Text("begun")),
        Saved = AnnotationText.ReadTime(line.Text("saved")),
        Patterns = [.. line.Objects("patterns").Select(ReadPattern)],
        Note = line.Text("note"),
    };

    private static AnnotationPattern ReadPattern(AnnotationLine pattern)
    {
        AnnotationPattern read = new(pattern.Text("text"), AnnotationText.ReadPatternKind(pattern.Text("kind")), [.. pattern.Numbers("prefixes")]);
        pattern.RequireNoMore();
        return read;
    }

    private static FreeLabel ReadLabel(AnnotationLine line)
        => new(line.Text("annotator"), ReadMemory(line, line.Number("layer")), line.Text("text"), AnnotationText.ReadPatternKind(line.Text("kind")), AnnotationText.ReadTime(line.Text("saved")), line.Text("key"));

    private static NeuronId ReadMemory(AnnotationLine line, int layer) => new(layer, line.Number("index"), line.OptionalNumber("expert") ?? -1);

    // Lines without their ends; the last may have none.
    private static IEnumerable<ReadOnlyMemory<byte>> Lines(string name, Stream stream)
    {
        using MemoryStream line = new();
        byte[] block = new byte[BlockBytes];
        int lines = 0;
        for (int read; (read = stream.Read(block)) > 0;)
        {
            for (int at = 0; at < read;)
            {
                int end = block.AsSpan(at, read - at).IndexOf((byte)'\n');
                int length = end < 0 ? read - at : end;
                if (line.Length + length > MostLineBytes)
                {
                    throw Refused(name, lines + 1, $"it is longer than {MostLineBytes} bytes");
                }

                line.Write(block, at, length);
                at += length + 1;
                if (end >= 0)
                {
                    if (++lines > MostLines)
                    {
                        throw Refused(name, lines, $"a file has at most {MostLines} lines");
                    }

                    yield return line.GetBuffer().AsMemory(0, (int)line.Length);
                    line.SetLength(0);
                }
            }
        }

        if (line.Length > 0)
        {
            yield return line.GetBuffer().AsMemory(0, (int)line.Length);
        }
    }
}
