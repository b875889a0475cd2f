namespace Keyhole.Engine.Tokens.Text;

/// <summary>The Script property of code points.</summary>
internal static class Scripts
{
    /// <summary>Script of what has none.</summary>
    public const int Unknown = -1;

    private static readonly Table Unicode = new();

    public static int Common { get; } = Find("Common");

    public static int Devanagari { get; } = Find("Devanagari");

    public static int Han { get; } = Find("Han");

    public static int Hiragana { get; } = Find("Hiragana");

    public static int Katakana { get; } = Find("Katakana");

    /// <summary>Number of a script by its long name, in any case and with or without underscores, or <see cref="Unknown"/>.</summary>
    public static int Find(string name) => Array.FindIndex(Unicode.Names, known => Plain(known).Equals(Plain(name), StringComparison.OrdinalIgnoreCase));

    public static int Of(int codePoint)
    {
        int index = Array.BinarySearch(Unicode.Firsts, codePoint);
        index = index < 0 ? ~index - 1 : index;
        return index >= 0 && codePoint < Unicode.Ends[index] ? Unicode.ScriptOfRun[index] : Unknown;
    }

    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal);

    private sealed class Table
    {
        public Table()
        {
            var numbers = new PackedNumbers(ScriptTables.Packed);
            Names = new string[numbers.Next()];
            for (int i = 0; i < Names.Length; i++)
            {
                Names[i] = numbers.NextText();
            }

            int runs = numbers.Next();
            (Firsts, Ends, ScriptOfRun) = (new int[runs], new int[runs], new int[runs]);
            int end = 0;
            for (int i = 0; i < runs; i++)
            {
                Firsts[i] = end + numbers.Next();
                Ends[i] = end = Firsts[i] + numbers.Next();
                ScriptOfRun[i] = numbers.Next();
            }
        }

        public string[] Names { get; }

        public int[] Firsts { get; }

        public int[] Ends { get; }

        public int[] ScriptOfRun { get; }
    }
}
