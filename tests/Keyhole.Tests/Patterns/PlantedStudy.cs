using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Studies;
using Keyhole.Tests.Studies;

namespace Keyhole.Tests.Patterns;

/// <summary>A study whose trigger lists were written by hand: of some memories most triggers share something, of the others nothing.</summary>
internal sealed class PlantedStudy : IDisposable
{
    public const int Length = 25;
    private const double Shared = 0.7;   // of the triggers of a memory that detects something, as the paper's patterns cover

    private readonly SampleStudy _sample = new();
    private readonly PlantedText _text;
    private readonly ILookup<int, (int Unit, int Position)> _byLast;
    private readonly (int Unit, int Position)[] _all;

    public PlantedStudy(int units = 2500, int seed = 1)
    {
        _text = new PlantedText(units, seed);
        _all = [.. _text.Prefixes()];
        _byLast = _all.ToLookup(prefix => _text.Units[prefix.Unit].Tokens[prefix.Position]);
    }

    /// <summary>Lists by memory.</summary>
    public List<(PatternClass? Planted, ImmutableArray<(int Unit, int Position)> List, ImmutableArray<int> Ranks)> Lists { get; } = [];

    public void Dispose() => _sample.Dispose();

    /// <summary>Adds lists that share nothing.</summary>
    public PlantedStudy Nothing(int count, Random random) => Plant(count, random, null, _ => []);

    /// <summary>Adds lists whose triggers mostly share their last token.</summary>
    public PlantedStudy LastTokens(int count, Random random)
        => Plant(count, random, PatternClass.LastToken, draw => [.. _byLast.Where(group => Units(group) > 2 * Length).OrderBy(_ => draw.Next()).First()]);

    /// <summary>Adds lists whose triggers mostly share their last two tokens.</summary>
    public PlantedStudy Bigrams(int count, Random random)
        => Plant(count, random, PatternClass.LastBigram, draw => [.. _all.Where(prefix => prefix.Position > 1).GroupBy(prefix => (Token(prefix, 1), Token(prefix, 0)))
            .Where(group => Units(group) >= Length).OrderBy(_ => draw.Next()).First()]);

    /// <summary>Adds lists whose triggers mostly have the same token at the same distance.</summary>
    public PlantedStudy Distances(int count, Random random) => Plant(count, random, PatternClass.TokenAtDistance, draw =>
    {
        int distance = draw.Next(2, 7);
        return [.. _all.Where(prefix => prefix.Position > distance).GroupBy(prefix => Token(prefix, distance)).Where(group => Units(group) is >= Length and < 8 * Length).OrderBy(_ => draw.Next()).First()];
    });

    /// <summary>Adds lists whose triggers mostly stand late in texts of one field.</summary>
    public PlantedStudy FieldsOfWords(int count, Random random) => Plant(count, random, PatternClass.Lexicon, draw =>
    {
        return [.. _all.Where(prefix => _text.Units[prefix.Unit].Field >= 0 && prefix.Position >= 8).GroupBy(prefix => _text.Units[prefix.Unit].Field)
            .OrderByDescending(group => Units(group) > Shared * Length).ThenBy(_ => draw.Next()).First()];
    });

    /// <summary>Writes the study; the memories of a layer may be permuted.</summary>
    public Study Write(string name, int layers = 1, Func<int, int>? place = null)
    {
        string path = _sample.PathOf(name);
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: true))
        {
            writer.WriteProvenance(Provenance(layers));
            writer.WriteFiles([new StudyFile(0, "texts/a.txt", 300, new string('d', 64))]);
            for (int unit = 0; unit < _text.Units.Count; unit++)
            {
                writer.AppendUnit(_text.Unit(unit));
            }

            writer.WriteTokenPieces(_text.Pieces.Select(piece => piece ?? "<s>"));
            int width = Lists.Count / layers;
            foreach ((int index, int list) in Enumerable.Range(0, Lists.Count).Select(i => (place?.Invoke(i) ?? i, i)).OrderBy(pair => pair.Item1))
            {
                writer.WriteMemory(new NeuronId(index / width, index % width), NeuronStatistics.Empty(gated: false),
                    [.. Lists[list].List.Select((prefix, rank) => new Trigger(100 - rank, float.NaN, prefix.Unit, prefix.Position, _text.Units[prefix.Unit].Tokens[prefix.Position + 1]))], []);
            }

            writer.Complete();
        }

        return Study.Open(path);
    }

    private StudyProvenance Provenance(int layers)
        => SampleStudy.Provenance() with
        {
            Candidates = _all.Length,
            Shape = new ModelShape { Widths = [.. Enumerable.Repeat(Lists.Count / layers, layers)], ModelWidth = 4, Gated = false, Activation = "relu", VocabularySize = _text.Pieces.Count },
        };

    // A list: of the planted prefixes as many as are shared, of others the rest, each of a unit of its own, in random order.
    private PlantedStudy Plant(int count, Random random, PatternClass? planted, Func<Random, (int Unit, int Position)[]> choose)
    {
        for (int i = 0; i < count; i++)
        {
            HashSet<int> units = [];
            (int Unit, int Position)[] shared = [.. choose(random).OrderBy(_ => random.Next()).Where(prefix => units.Add(prefix.Unit)).Take((int)(Shared * Length))];
            List<((int, int) Prefix, bool Planted)> list = [.. shared.Select(prefix => (prefix, true))];
            while (list.Count < Length)
            {
                (int Unit, int Position) other = _all[random.Next(_all.Length)];
                if (units.Add(other.Unit))
                {
                    list.Add((other, false));
                }
            }

            ((int, int) Prefix, bool Planted)[] shuffled = [.. list.OrderBy(_ => random.Next())];
            Lists.Add((planted, [.. shuffled.Select(entry => entry.Prefix)], [.. shuffled.Index().Where(entry => entry.Item.Planted).Select(entry => entry.Index)]));
        }

        return this;
    }

    private int Token((int Unit, int Position) prefix, int distance) => _text.Units[prefix.Unit].Tokens[prefix.Position - distance];

    private static int Units(IEnumerable<(int Unit, int Position)> prefixes) => prefixes.Select(prefix => prefix.Unit).Distinct().Count();
}
