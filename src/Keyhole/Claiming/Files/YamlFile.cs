using System.Globalization;
using System.Text;
using Keyhole.Engine;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Keyhole.Claiming.Files;

/// <summary>Reads the plain part of YAML: scalars, lists and mappings, a few levels deep. Anchors, aliases, tags and further documents are refused before anything is made of them.</summary>
internal static class YamlFile
{
    /// <summary>Most bytes of a file.</summary>
    public const int MostBytes = 1 << 20;

    private const int MostDepth = 6;
    private const int MostParts = 200_000;
    private const string Expected = "A file of claims is plain YAML: a list of mappings, without anchors, aliases and tags.";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputRefusedException">KH7801: it cannot be read; KH7802: it is no such YAML.</exception>
    public static YamlPart Read(string path) => Parse(path, Text(path));

    /// <summary>Reads a text.</summary>
    /// <param name="path">What it is called in messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InputRefusedException">KH7802.</exception>
    public static YamlPart Parse(string path, string text)
    {
        try
        {
            return Parse(path, new Parser(new StringReader(text)));
        }
        catch (YamlException wrong)
        {
            throw Refused(path, wrong.Start.Line, wrong.Message.TrimEnd('.'), wrong);
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or OverflowException)   // what the library's scanner makes of some broken files
        {
            throw Refused(path, 1, "this is no YAML", wrong);
        }
    }

    private static YamlPart Parse(string path, Parser events)
    {
        YamlPart? root = null;
        var open = new Stack<Open>();
        int parts = 0;
        int documents = 0;
        while (events.MoveNext())
        {
            ParsingEvent one = events.Current!;
            long line = one.Start.Line;
            switch (one)
            {
                case DocumentStart when ++documents > 1:
                    throw Refused(path, line, "a second document begins");
                case AnchorAlias:
                    throw Refused(path, line, "an alias stands here");
                case NodeEvent { Anchor.IsEmpty: false }:
                    throw Refused(path, line, "an anchor stands here");
                case NodeEvent { Tag.IsEmpty: false }:
                    throw Refused(path, line, "a tag stands here");
                case SequenceEnd or MappingEnd:
                    open.Pop();
                    continue;
                case not NodeEvent:
                    continue;
                default:
                    break;
            }

            if (++parts > MostParts || open.Count >= MostDepth)
            {
                throw Refused(path, line, open.Count >= MostDepth
                    ? string.Create(CultureInfo.InvariantCulture, $"lists and mappings stand more than {MostDepth} deep")
                    : string.Create(CultureInfo.InvariantCulture, $"the file has more than {MostParts:N0} parts"));
            }

            YamlPart part = one switch
            {
                Scalar scalar => new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, line),
                SequenceStart => new YamlList(line),
                _ => new YamlMap(line),
            };
            Place(path, open, part, ref root);
            if (part is not YamlScalar)
            {
                open.Push(new Open(part));
            }
        }

        return root ?? throw Refused(path, 1, "the file is empty");
    }

    private static void Place(string path, Stack<Open> open, YamlPart part, ref YamlPart? root)
    {
        if (!open.TryPeek(out Open? parent))
        {
            root = part;
            return;
        }

        switch (parent.Part)
        {
            case YamlList list:
                list.Items.Add(part);
                break;
            case YamlMap map when parent.Key is { } key:
                map.Entries.Add(key, part);
                parent.Key = null;
                break;
            case YamlMap map:
                parent.Key = part is not YamlScalar { Text: var name } ? throw Refused(path, part.Line, $"{part.Kind} stands where a field's name is expected")
                    : map.Entries.ContainsKey(name) ? throw Refused(path, part.Line, $"the field '{ClaimFields.Shortened(name)}' stands here a second time")
                    : name;
                break;
            default:
                throw new InvalidOperationException("Only lists and mappings are open.");
        }
    }

    private static string Text(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            using var bytes = new MemoryStream();
            byte[] buffer = new byte[1 << 16];
            for (int read; (read = file.Read(buffer)) > 0;)
            {
                bytes.Write(buffer, 0, read);
                if (bytes.Length > MostBytes)
                {
                    throw new InputRefusedException("KH7801", $"{path}: a file of claims has at most {MostBytes >> 20} MiB; this one is longer.");
                }
            }

            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes.GetBuffer(), 0, (int)bytes.Length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException cause)
        {
            throw new InputRefusedException("KH7801", $"{path}: this is no text in UTF-8.", cause);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH7801", $"{path}: the claims cannot be read ({cause.Message.TrimEnd('.')}).", cause);
        }
    }

    private static InputRefusedException Refused(string path, long line, string found, Exception? cause = null)
        => new("KH7802", string.Create(CultureInfo.InvariantCulture, $"{path}, line {line}: {found}. {Expected}"), cause);

    // A list or mapping whose end has not been read, with the field whose value comes next.
    private sealed class Open(YamlPart part)
    {
        public YamlPart Part { get; } = part;

        public string? Key { get; set; }
    }
}
