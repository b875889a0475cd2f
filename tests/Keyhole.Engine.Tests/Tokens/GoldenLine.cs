using System.Text.Json;
using Keyhole.Engine.Tokens;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>One line of a golden file: what another program made of a text.</summary>
internal sealed record GoldenLine(string Text, int[] Ids, int[][]? Offsets, string? Decoded)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static GoldenLine[] Read(string path) => JsonSerializer.Deserialize<GoldenLine[]>(File.ReadAllBytes(path), Options)!;

    /// <summary>Every line must agree in all that it has; the lines that do not are listed together.</summary>
    public static void Check(Tokenizer tokenizer, GoldenLine[] lines)
    {
        Assert.NotEmpty(lines);
        var wrong = new List<string>();
        foreach (GoldenLine line in lines)
        {
            Encoding encoding = tokenizer.Encode(line.Text);
            string? found =
                !encoding.Ids.AsSpan().SequenceEqual(line.Ids) ? $"ids [{string.Join(' ', encoding.Ids)}], expected [{string.Join(' ', line.Ids)}]"
                : line.Offsets is not null && !encoding.Offsets.SequenceEqual(line.Offsets.Select(pair => new TokenOffset(pair[0], pair[1])))
                    ? $"offsets {string.Join(' ', encoding.Offsets.Select(o => $"{o.Start}-{o.End}"))}, expected {string.Join(' ', line.Offsets.Select(pair => $"{pair[0]}-{pair[1]}"))}"
                : line.Decoded is not null && tokenizer.Decode(line.Ids) != line.Decoded ? $"decoded '{tokenizer.Decode(line.Ids)}', expected '{line.Decoded}'"
                : null;
            if (found is not null)
            {
                wrong.Add($"{JsonSerializer.Serialize(line.Text)}: {found}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {lines.Length} lines differ:\n{string.Join('\n', wrong.Take(12))}");
    }

}
