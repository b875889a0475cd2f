using System.Text;

namespace Keyhole.Fuzz;

/// <summary>Changes of JSON by its tokens, after which it mostly still is JSON: other kinds of values, depth, doubled and missing members.</summary>
internal static class JsonMutator
{
    private const int Deep = 10_000;

    private static readonly string[] s_values =
    [
        "null", "true", "false", "0", "-1", "1", "2147483647", "2147483648", "4294967295", "1152921504606846976", "9223372036854775808", "18446744073709551615", "-9223372036854775808",
        "1e999", "-1e-999", "0.5", "1e3", "3.0", "\"\"", "\"a\"", "\"\\ud800\"", "\"\\u0000\"", "\"../../x\"", "\"(a*)*b\"", "\"[\"", "\"\\uD83D\\uDE42\"", "[]", "{}", "[[]]", "[null]", "{\"\":null}", "[0,0]", "NaN", "",
    ];

    /// <summary>A damaged copy.</summary>
    public static byte[] Mutate(JsonText text, Random random)
    {
        JsonText.Part part = text.Pick(random);
        byte[] whole = text.Utf8;
        byte[] value = whole[part.Start..part.End];
        bool member = part.NameEnd > part.NameStart;
        switch (random.Next(10))
        {
            case 0 or 1 or 2:
                return Replace(whole, part, Utf8(s_values[random.Next(s_values.Length)]));
            case 3:
                return Replace(whole, part, Utf8(Integers.Pick(random).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            case 4:
                JsonText.Part other = text.Pick(random);
                return Replace(whole, part, whole[other.Start..other.End]);
            case 5:
                return Replace(whole, part, Nest(value, random));
            case 6 when member:
                return [.. whole[..part.End], .. ","u8, .. whole[part.NameStart..part.NameEnd], .. ":"u8, .. value, .. whole[part.End..]];
            case 7 when member:
                return [.. whole[..part.NameStart], .. Utf8("\"was so\""), .. whole[part.NameEnd..]];
            case 8:
                return Remove(whole, member ? part.NameStart : part.Start, part.End);
            case 9:
                return Replace(whole, part, [.. "\""u8, .. Enumerable.Repeat((byte)'x', 1 << random.Next(4, 17)), .. "\""u8]);
            default:
                return [.. whole[..part.End], .. ","u8, .. value, .. whole[part.End..]];
        }
    }

    // Without the comma after it, or else the one before it.
    private static byte[] Remove(byte[] whole, int start, int end)
    {
        int next = end;
        while (next < whole.Length && whole[next] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            next++;
        }
        if (next < whole.Length && whole[next] == (byte)',')
        {
            return [.. whole[..start], .. whole[(next + 1)..]];
        }
        int comma = whole.AsSpan(0, start).LastIndexOf((byte)',');
        return comma >= 0 && whole.AsSpan(comma + 1, start - comma - 1).Trim(" \n\r\t"u8).IsEmpty ? [.. whole[..comma], .. whole[end..]] : [.. whole[..start], .. whole[end..]];
    }

    private static byte[] Nest(byte[] value, Random random)
    {
        int depth = random.Next(2) == 0 ? Deep : random.Next(1, 100);
        (string open, string close) = random.Next(3) switch { 0 => ("{\"a\":", "}"), 1 => ("{\"type\":\"Sequence\",\"normalizers\":[", "]}"), _ => ("[", "]") };
        var text = new StringBuilder((open.Length + close.Length) * depth);
        text.Insert(0, open, depth);
        byte[] before = Utf8(text.ToString());
        text.Clear();
        text.Insert(0, close, random.Next(3) == 0 ? 0 : depth);
        return [.. before, .. value, .. Utf8(text.ToString())];
    }

    private static byte[] Replace(byte[] whole, JsonText.Part part, byte[] value) => [.. whole[..part.Start], .. value, .. whole[part.End..]];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
