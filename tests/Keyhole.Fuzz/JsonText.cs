using System.Text.Json;

namespace Keyhole.Fuzz;

/// <summary>Where the values and members of a JSON text stand, by depth.</summary>
internal sealed class JsonText
{
    private readonly List<List<Part>> _byDepth = [];

    private JsonText(byte[] utf8) => Utf8 = utf8;

    /// <summary>The text.</summary>
    public byte[] Utf8 { get; }

    /// <summary>A value: its range, and that of its member's name with its quotes (empty in an array).</summary>
    internal readonly record struct Part(int NameStart, int NameEnd, int Start, int End);

    /// <summary>Reads a text; null where it is no JSON.</summary>
    public static JsonText? Read(byte[] utf8)
    {
        var text = new JsonText(utf8);
        try
        {
            text.Scan();
            return text._byDepth.Count > 0 ? text : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A value at a depth as likely as any other, so that a table of a vocabulary does not hide the rest.</summary>
    public Part Pick(Random random)
    {
        List<Part> parts = _byDepth[random.Next(_byDepth.Count)];
        return parts[random.Next(parts.Count)];
    }

    private void Scan()
    {
        var reader = new Utf8JsonReader(Utf8);
        var open = new Stack<Part>();
        (int Start, int End) name = (0, 0);
        while (reader.Read())
        {
            int start = (int)reader.TokenStartIndex;
            int end = (int)reader.BytesConsumed;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = (start, Utf8.AsSpan(0, end).LastIndexOf((byte)'"') + 1);
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push(new Part(name.Start, name.End, start, 0));
                    name = (0, 0);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    Add(open.Count - 1, open.Pop() with { End = end });
                    break;
                default:
                    Add(open.Count, new Part(name.Start, name.End, start, end));
                    name = (0, 0);
                    break;
            }
        }
    }

    private void Add(int depth, Part part)
    {
        while (_byDepth.Count <= depth)
        {
            _byDepth.Add([]);
        }
        _byDepth[depth].Add(part);
    }
}
