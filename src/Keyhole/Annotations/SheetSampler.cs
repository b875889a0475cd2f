using System.Collections.Immutable;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Statistics;
using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>Draws the sheets of a project: random memories of every layer, and decoys of both kinds (method, section 7).</summary>
/// <remarks>
/// A memory's list is taken where a pole of it has as many triggers as a sheet has prefixes; a dead memory, or one that fires too seldom, is passed over and the
/// next random one taken. Every draw is a counter-based hash of the seed and what is drawn, so the same study and options give the same sheets.
/// </remarks>
internal sealed class SheetSampler
{
    // What a hash is for; each its own stream of random numbers.
    private const ulong MemoryStream = 0x414E_0001;
    private const ulong PoleStream = 0x414E_0002;
    private const ulong RankStream = 0x414E_0003;
    private const ulong OrderStream = 0x414E_0004;

    private readonly Study _study;
    private readonly AnnotationOptions _options;
    private readonly CancellationToken _cancellation;

    private SheetSampler(Study study, AnnotationOptions options, CancellationToken cancellation)
    {
        _study = study;
        _options = options;
        _cancellation = cancellation;
    }

    /// <summary>Draws the sheets.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How many of what.</param>
    /// <param name="key">The secret that ids are made with.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">KH5401: an option is out of its bounds; KH5402: no memory has enough triggers; KH5105: the study is damaged.</exception>
    public static ImmutableArray<Sheet> Draw(Study study, AnnotationOptions options, byte[] key, CancellationToken cancellation)
    {
        Require(study, options);
        return new SheetSampler(study, options, cancellation).Draw(key);
    }

    private static void Require(Study study, AnnotationOptions options)
    {
        RequireBetween("memories of a layer", options.PerLayer, 1, AnnotationOptions.MostPerLayer);
        RequireBetween("prefixes of a sheet", options.Prefixes, AnnotationPattern.Least, AnnotationOptions.MostPrefixes);
        RequireBetween("decoys of a layer", options.Decoys, 0, AnnotationOptions.MostPerLayer);
        RequireBetween("tokens that are shown of a prefix", options.Context, 1, AnnotationOptions.MostContext);
        foreach (int layer in options.Layers ?? [])
        {
            RequireBetween("layers", layer, 0, study.Shape.Layers - 1);
        }

        int layers = options.Layers?.Count ?? study.Shape.Layers;
        RequireBetween("sheets in all", (long)layers * (options.PerLayer + options.Decoys), 1, AnnotationOptions.MostSheets);
    }

    private static void RequireBetween(string what, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            throw new InputRefusedException("KH5401", $"annotation project: {what}: {value} was given where {least} to {most} is expected.");
        }
    }

    private ImmutableArray<Sheet> Draw(byte[] key)
    {
        List<Draft> drafts = [];
        RandomPrefixes random = new(_study, _options.Seed);
        HashSet<int>? layers = _options.Layers?.ToHashSet();
        foreach (IGrouping<int, NeuronId> layer in Able().Where(id => layers?.Contains(id.Layer) != false).GroupBy(id => id.Layer))
        {
            _cancellation.ThrowIfCancellationRequested();
            Draw(layer.Key, [.. layer.OrderBy(id => CounterHash.Hash(_options.Seed ^ MemoryStream, Number(id), (ulong)id.Layer))], drafts, random);
        }

        if (drafts.Count == 0)
        {
            throw new InputRefusedException("KH5402", $"annotation project: no memory of these layers has {_options.Prefixes} triggers; ask for fewer prefixes a sheet, or mine with a longer --top.");
        }

        random.Find(_cancellation);
        return [.. drafts.Select((draft, number) => Sheet(draft, number, key))];
    }

    // Memories of which a pole has enough triggers, in order; only counts are read.
    private IEnumerable<NeuronId> Able() => _study.Query(
        "SELECT layer, expert, neuron FROM memory WHERE positive_count >= $a OR negative_count >= $a ORDER BY id",
        row => new NeuronId(row.GetInt32(0), row.GetInt32(2), row.GetInt32(1)), _options.Prefixes);

    // The first memories in random order are shown; those behind them give decoys, and where they do not suffice all of the layer do.
    private void Draw(int layer, NeuronId[] memories, List<Draft> drafts, RandomPrefixes random)
    {
        NeuronId[] shown = [.. memories.Take(_options.PerLayer)];
        NeuronId[] others = [.. memories.Skip(_options.PerLayer)];
        foreach (NeuronId id in shown.Order())
        {
            (Pole pole, ImmutableArray<Trigger> triggers) = List(id);
            drafts.Add(new Draft(SheetKind.True, layer, id, pole, () => triggers.Select(Prefix)));
        }

        NeuronId[] sources = others.Length > 0 ? others : memories;
        int randoms = (_options.Decoys + ((layer & 1) == 0 ? 1 : 0)) / 2;
        for (int decoy = 0; decoy < randoms; decoy++)
        {
            (_, ImmutableArray<Trigger> triggers) = List(sources[decoy % sources.Length]);
            Func<IEnumerable<SheetPrefix>> found = random.Ask([.. triggers.Select(Prefix)]);
            drafts.Add(new Draft(SheetKind.Random, layer, null, Pole.Positive, found));
        }

        NeuronId[] mixed = others.Length >= _options.Prefixes ? others : memories;
        for (int decoy = 0; decoy < _options.Decoys - randoms; decoy++)
        {
            ImmutableArray<SheetPrefix> prefixes = Mix(layer, decoy, mixed);
            drafts.Add(new Draft(SheetKind.Mixed, layer, null, Pole.Positive, () => prefixes));
        }
    }

    // Place r of the list comes from place r of another memory's list, so that ranks are those of a true list; a unit stands in it once where that is possible.
    private ImmutableArray<SheetPrefix> Mix(int layer, int decoy, NeuronId[] memories)
    {
        ulong seed = CounterHash.Hash(_options.Seed ^ RankStream, (ulong)layer, (ulong)decoy);
        NeuronId[] order = [.. memories.OrderBy(id => CounterHash.Hash(seed, Number(id)))];
        HashSet<int> units = [];
        List<SheetPrefix> prefixes = [];
        for (int next = 0; prefixes.Count < _options.Prefixes; next++)
        {
            (_, ImmutableArray<Trigger> triggers) = List(order[next % order.Length]);
            Trigger trigger = triggers[(prefixes.Count + (next / order.Length)) % triggers.Length];
            if (units.Add(trigger.Unit) || next >= 8 * order.Length)
            {
                prefixes.Add(Prefix(trigger));
            }
        }

        return [.. prefixes];
    }

    // The pole that is shown: of two that have enough triggers either, at random.
    private (Pole Pole, ImmutableArray<Trigger> Triggers) List(NeuronId id)
    {
        MemoryRecord memory = _study.Memory(id)!;
        bool positive = memory.Positive.Length >= _options.Prefixes;
        bool negative = memory.Negative.Length >= _options.Prefixes;
        Pole pole = positive && negative
            ? (Pole)UniformDraw.Below(2, _options.Seed ^ PoleStream, Number(id), (ulong)id.Layer)
            : positive ? Pole.Positive : Pole.Negative;
        ImmutableArray<Trigger> triggers = memory.Triggers(pole);
        return triggers.Length >= _options.Prefixes
            ? (pole, triggers[.._options.Prefixes])
            : throw Study.Damaged(_study.FilePath, new InvalidDataException($"the lists of {id} are shorter than their counts say"));
    }

    private Sheet Sheet(Draft draft, int number, byte[] key)
    {
        SheetPrefix[] prefixes = [.. draft.Prefixes()];
        int[] order = ShuffledPairs.Permutation(prefixes.Length, _options.Seed ^ OrderStream, (ulong)number);
        return new Sheet
        {
            Id = AnnotationProject.IdOf(key, number),
            Kind = draft.Kind,
            Layer = draft.Layer,
            Memory = draft.Memory,
            Pole = draft.Pole,
            Prefixes = [.. order.Select(place => prefixes[place])],
        };
    }

    private static SheetPrefix Prefix(Trigger trigger) => new(trigger.Unit, trigger.Position);

    // Unlike for every memory of a layer.
    private static ulong Number(NeuronId id) => ((ulong)(uint)(id.Expert + 1) << 32) | (uint)id.Index;

    private sealed record Draft(SheetKind Kind, int Layer, NeuronId? Memory, Pole Pole, Func<IEnumerable<SheetPrefix>> Prefixes);
}
