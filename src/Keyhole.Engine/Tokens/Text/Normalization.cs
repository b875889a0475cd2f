namespace Keyhole.Engine.Tokens.Text;

/// <summary>Unicode normalisation (UAX #15) from tables of our own: the framework's needs ICU, without which it changes nothing.</summary>
internal static class Normalization
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int Vowels = 21;
    private const int Trails = 28;
    private const int Syllables = 19 * Vowels * Trails;

    private static readonly Tables Unicode = Tables.Unpack();

    /// <summary>The edits that bring a text to a form: its characters are taken apart, put in order, and put together again for C and KC.</summary>
    public static List<Edit> Normalize(ReadOnlySpan<byte> text, NormalForm form)
    {
        List<Edit> edits = Decompose(text, form is NormalForm.KC or NormalForm.KD);
        return form is NormalForm.C or NormalForm.KC ? Compose(edits) : edits;
    }

    /// <summary>Whether each character of the text is sure to stay as it is, whatever stands beside it.</summary>
    public static bool IsSurelyNormal(ReadOnlySpan<byte> text, NormalForm form)
    {
        HashSet<int> touched = Unicode.Touched[(int)form];
        byte firstTouched = form is NormalForm.C ? (byte)0xCC : (byte)0xC2; // U+0300 and U+0080
        for (int i = text.IndexOfAnyInRange(firstTouched, (byte)0xF4); i >= 0 && i < text.Length;)
        {
            int codePoint = CodePoints.Read(text, i, out int length);
            bool hangul = codePoint is >= HangulBase and < HangulBase + Syllables;
            if (touched.Contains(codePoint) || (hangul && form is NormalForm.D or NormalForm.KD))
            {
                return false;
            }

            i += length;
        }

        return true;
    }

    private static List<Edit> Decompose(ReadOnlySpan<byte> text, bool compatibility)
    {
        var edits = new List<Edit>(text.Length);
        Dictionary<int, int[]> decompositions = compatibility ? Unicode.Compatibility : Unicode.Canonical;
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoints.Read(text, i, out int length);
            i += length;
            if (codePoint < 0xA0)
            {
                edits.Add(new Edit(codePoint, 0));
            }
            else if (codePoint is >= HangulBase and < HangulBase + Syllables)
            {
                int index = codePoint - HangulBase;
                edits.Add(new Edit(LeadBase + (index / (Vowels * Trails)), 0));
                edits.Add(new Edit(VowelBase + (index / Trails % Vowels), 1));
                if (index % Trails > 0)
                {
                    edits.Add(new Edit(TrailBase + (index % Trails), 1));
                }
            }
            else if (decompositions.TryGetValue(codePoint, out int[]? parts))
            {
                for (int part = 0; part < parts.Length; part++)
                {
                    edits.Add(new Edit(parts[part], part == 0 ? 0 : 1));
                }
            }
            else
            {
                edits.Add(new Edit(codePoint, 0));
            }
        }

        Order(edits);
        return edits;
    }

    /// <summary>Sorts each run of combining characters by class, equals in their order.</summary>
    private static void Order(List<Edit> edits)
    {
        for (int start = 0; start < edits.Count; start++)
        {
            if (ClassOf(edits[start].CodePoint) == 0)
            {
                continue;
            }

            int end = start + 1;
            while (end < edits.Count && ClassOf(edits[end].CodePoint) != 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                Edit[] run = [.. edits[start..end].OrderBy(edit => ClassOf(edit.CodePoint))];
                for (int i = 0; i < run.Length; i++)
                {
                    edits[start + i] = run[i];
                }
            }

            start = end;
        }
    }

    private static List<Edit> Compose(List<Edit> edits)
    {
        var result = new List<Edit>(edits.Count);
        int starter = -1;
        int lastClass = -1; // of what stands between the starter and here; -1: nothing does
        foreach (Edit edit in edits)
        {
            int combining = ClassOf(edit.CodePoint);
            bool free = starter >= 0 && (lastClass < 0 || lastClass < combining);
            if (free && TryCompose(result[starter].CodePoint, edit.CodePoint, out int composed))
            {
                result[starter] = new Edit(composed, result[starter].Change + edit.Change - 1);
                continue;
            }

            result.Add(edit);
            if (combining == 0)
            {
                starter = result.Count - 1;
                lastClass = -1;
            }
            else if (starter >= 0)
            {
                lastClass = combining;
            }
        }

        return result;
    }

    private static bool TryCompose(int first, int second, out int composed)
    {
        if (first is >= LeadBase and < LeadBase + 19 && second is >= VowelBase and < VowelBase + Vowels)
        {
            composed = HangulBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Trails);
            return true;
        }

        if (first is >= HangulBase and < HangulBase + Syllables && (first - HangulBase) % Trails == 0 && second is > TrailBase and < TrailBase + Trails)
        {
            composed = first + second - TrailBase;
            return true;
        }

        return Unicode.Compositions.TryGetValue((first, second), out composed);
    }

    private static int ClassOf(int codePoint) => codePoint < 0x300 ? 0 : Unicode.Classes.GetValueOrDefault(codePoint);

    /// <summary>The unpacked tables; decompositions are complete, not one step.</summary>
    private sealed class Tables
    {
        public Dictionary<int, int[]> Canonical { get; } = [];

        public Dictionary<int, int[]> Compatibility { get; } = [];

        public Dictionary<(int First, int Second), int> Compositions { get; } = [];

        public Dictionary<int, byte> Classes { get; } = [];

        /// <summary>By form: the characters that it may change, alone or beside others.</summary>
        public HashSet<int>[] Touched { get; } = [[], [], [], []];

        public static Tables Unpack()
        {
            var unpacked = new PackedNumbers(NormalizationTables.Packed);
            var tables = new Tables();
            var steps = new Dictionary<int, (bool Compatibility, int[] Parts)>();
            int codePoint = 0;
            for (int count = unpacked.Next(); count > 0; count--)
            {
                codePoint += unpacked.Next();
                int kind = unpacked.Next();
                bool composes = unpacked.Next() != 0;
                var parts = new int[kind >> 1];
                for (int i = 0; i < parts.Length; i++)
                {
                    parts[i] = unpacked.Next();
                }

                if (!OlderUnicode.IsIn9(codePoint))
                {
                    continue; // the library's tables are those of 9.0
                }

                steps.Add(codePoint, ((kind & 1) != 0, parts));
                if (composes)
                {
                    tables.Compositions.Add((parts[0], parts[1]), codePoint);
                }
            }

            tables.Expand(steps);
            int end = 0;
            for (int runs = unpacked.Next(); runs > 0; runs--)
            {
                int first = end + unpacked.Next();
                end = first + unpacked.Next();
                byte combining = (byte)unpacked.Next();
                for (int i = first; i < end; i++)
                {
                    if (OlderUnicode.IsIn9(i))
                    {
                        tables.Classes.Add(i, combining);
                    }
                }
            }

            tables.CollectTouched();
            return tables;
        }

        private void Expand(Dictionary<int, (bool Compatibility, int[] Parts)> steps)
        {
            foreach ((int codePoint, (bool compatibility, _)) in steps)
            {
                Compatibility.Add(codePoint, [.. Parts(codePoint, steps, true)]);
                if (!compatibility)
                {
                    Canonical.Add(codePoint, [.. Parts(codePoint, steps, false)]);
                }
            }
        }

        private static IEnumerable<int> Parts(int codePoint, Dictionary<int, (bool Compatibility, int[] Parts)> steps, bool compatibility) =>
            steps.TryGetValue(codePoint, out (bool Compatibility, int[] Parts) step) && (compatibility || !step.Compatibility)
                ? step.Parts.SelectMany(part => Parts(part, steps, compatibility)) : [codePoint];

        private void CollectTouched()
        {
            var composed = Compositions.Values.ToHashSet();
            var seconds = Compositions.Keys.Select(pair => pair.Second).Concat(Enumerable.Range(VowelBase, Vowels)).Concat(Enumerable.Range(TrailBase, Trails)).ToArray();
            foreach (HashSet<int> touched in Touched)
            {
                touched.UnionWith(Classes.Keys);
            }

            Touched[(int)NormalForm.D].UnionWith(Canonical.Keys);
            Touched[(int)NormalForm.KD].UnionWith(Compatibility.Keys);
            Touched[(int)NormalForm.C].UnionWith(Canonical.Keys.Except(composed).Concat(seconds));
            Touched[(int)NormalForm.KC].UnionWith(Compatibility.Keys.Where(key => !composed.Contains(key) || !Canonical[key].SequenceEqual(Compatibility[key])).Concat(seconds));
        }
    }
}
