using Keyhole.Studies;

namespace Keyhole.Tests.Patterns;

/// <summary>Random texts of words, a token a word: frequent and rare ones, function words, and fields of words that stand together in some texts.</summary>
internal sealed class PlantedText
{
    public const int Fields = 30;
    private const int FieldWords = 10;
    private const int Words = 600;
    private static readonly string[] FunctionWords = ["the", "of", "and", "to", "in", "a", "is", "that", "for", "was", "on", "with", "as", "by", "at", "from"];
    private readonly List<string?> _pieces = [null];

    public PlantedText(int units, int seed)
    {
        var random = new Random(seed);
        int content = Add(Enumerable.Range(0, Words).Select(i => Name(i)));
        int field = Add(Enumerable.Range(0, Fields * FieldWords).Select(i => Name(Words + i)));
        int function = Add(FunctionWords);
        for (int unit = 0; unit < units; unit++)
        {
            int topic = random.Next(3) == 0 ? random.Next(Fields) : -1;
            List<int> tokens = [0];
            int length = random.Next(6, 22);
            while (tokens.Count < length)
            {
                tokens.Add(topic >= 0 && random.Next(4) == 0 ? field + (topic * FieldWords) + random.Next(FieldWords)
                    : random.Next(3) == 0 ? function + (int)(FunctionWords.Length * Math.Pow(random.NextDouble(), 2))
                    : content + (int)(Words * Math.Pow(random.NextDouble(), 2)));
            }

            Units.Add((topic, [.. tokens]));
        }
    }

    /// <summary>The field of each unit, -1 where it has none, and its tokens, BOS first.</summary>
    public List<(int Field, int[] Tokens)> Units { get; } = [];

    public IReadOnlyList<string?> Pieces => _pieces;

    /// <summary>All prefixes that have a target, of position 1 and on.</summary>
    public IEnumerable<(int Unit, int Position)> Prefixes()
        => Units.Index().SelectMany(unit => Enumerable.Range(1, unit.Item.Tokens.Length - 2).Select(position => (unit.Index, position)));

    public StudyUnit Unit(int index)
    {
        int[] tokens = Units[index].Tokens;
        StudyUnit plain = Studies.SampleStudy.Unit(index, [.. tokens.Select((token, i) => i == 1 ? _pieces[token]![1..] : _pieces[token])]);
        return new StudyUnit { Index = index, File = 0, Offset = plain.Offset, Length = plain.Length, Text = plain.Text, Spans = plain.Spans, Tokens = [.. tokens] };
    }

    private int Add(IEnumerable<string> words)
    {
        int first = _pieces.Count;
        _pieces.AddRange(words.Select(word => " " + word));
        return first;
    }

    // Syllables, so that no word looks like an ending or a number.
    private static string Name(int number)
    {
        const string Consonants = "bdfgkmpvz";
        string name = string.Empty;
        for (int i = 0; i < 4; i++, number /= 27)
        {
            name += $"{Consonants[number % 27 % 9]}{"aou"[number % 27 / 9]}";
        }

        return name;
    }
}
