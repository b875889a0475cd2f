using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine;

namespace Keyhole.Studies.Merging;

/// <summary>How pieces lie side by side: shards one way, layers the other. None may lie on another, and what is missing has a name.</summary>
internal sealed class MergeGrid
{
    private const int MostNamed = 20;

    private MergeGrid(int count, ImmutableArray<int> parts, ImmutableArray<MergeBand> bands)
    {
        Count = count;
        Parts = parts;
        Bands = bands;
        Layers = [.. bands.SelectMany(band => band.Layers).Order()];
        Holes = [.. bands.SelectMany(HolesOf)];
    }

    /// <summary>Shards that the corpus was dealt out to.</summary>
    public int Count { get; }

    /// <summary>Shards that some piece has, ascending.</summary>
    public ImmutableArray<int> Parts { get; }

    /// <summary>Layers that some piece has, ascending.</summary>
    public ImmutableArray<int> Layers { get; }

    /// <summary>The layers, grouped by the pieces that have them.</summary>
    public ImmutableArray<MergeBand> Bands { get; }

    /// <summary>Whether every shard is there.</summary>
    public bool IsComplete => Parts.Length == Count;

    /// <summary>What some layers lack that others have, in words: as long as there is any, the pieces are no study.</summary>
    public ImmutableArray<string> Holes { get; }

    /// <summary>Which shards are missing, in words; null where none is.</summary>
    public string? Missing => IsComplete ? null : Describe(Absent(Enumerable.Range(0, Count), Parts), Count - Parts.Length);

    /// <summary>Lays the pieces out.</summary>
    /// <param name="pieces">Pieces that belong together.</param>
    /// <exception cref="InputRefusedException">KH5242: two pieces have the same shard of the same layer.</exception>
    public static MergeGrid Of(IReadOnlyList<MergePiece> pieces)
    {
        MergePiece[] sorted = [.. pieces.OrderBy(piece => piece.Shard.Parts[0]).ThenBy(piece => piece.Layers[0])];
        RefuseOverlaps(sorted);
        ImmutableArray<int> parts = [.. sorted.SelectMany(piece => piece.Shard.Parts).Distinct().Order()];
        var bands = new Dictionary<string, (List<int> Layers, MergePiece[] Pieces)>(StringComparer.Ordinal);
        foreach (int layer in sorted.SelectMany(piece => piece.Layers).Distinct().Order())
        {
            int[] having = [.. Enumerable.Range(0, sorted.Length).Where(i => sorted[i].Layers.BinarySearch(layer) >= 0)];
            string key = string.Join(',', having);
            if (!bands.TryGetValue(key, out (List<int> Layers, MergePiece[] Pieces) band))
            {
                bands.Add(key, band = ([], [.. having.Select(i => sorted[i])]));
            }

            band.Layers.Add(layer);
        }

        return new MergeGrid(sorted[0].Shard.Count, parts, [.. bands.Values.Select(band => new MergeBand([.. band.Layers], [.. band.Pieces])).OrderBy(band => band.Layers[0])]);
    }

    private static void RefuseOverlaps(MergePiece[] pieces)
    {
        for (int i = 0; i < pieces.Length; i++)
        {
            for (int j = i + 1; j < pieces.Length; j++)
            {
                if (FirstCommon(pieces[i].Layers, pieces[j].Layers) is { } layer && FirstCommon(pieces[i].Shard.Parts, pieces[j].Shard.Parts) is { } part)
                {
                    throw new InputRefusedException("KH5242", string.Create(CultureInfo.InvariantCulture, $"{pieces[j].Path}: shard {part} of layer {layer} is in {pieces[i].Path} already; give every shard of every layer once."));
                }
            }
        }
    }

    private static int? FirstCommon(ImmutableArray<int> a, ImmutableArray<int> b)
    {
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            if (a[i] == b[j])
            {
                return a[i];
            }

            _ = a[i] < b[j] ? i++ : j++;
        }

        return null;
    }

    private IEnumerable<string> HolesOf(MergeBand band)
    {
        ImmutableArray<int> parts = [.. band.Pieces.SelectMany(piece => piece.Shard.Parts).Order()];
        if (parts.Length < Parts.Length)
        {
            yield return $"{Describe(Absent(Parts, parts), Parts.Length - parts.Length)} in layer{(band.Layers.Length > 1 ? "s" : string.Empty)} {string.Join(", ", band.Layers)}";
        }
    }

    private static IEnumerable<int> Absent(IEnumerable<int> all, ImmutableArray<int> parts) => all.Where(part => parts.BinarySearch(part) < 0);

    private string Describe(IEnumerable<int> absent, int count)
    {
        string names = string.Join(", ", absent.Take(MostNamed));
        string more = count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {count - MostNamed} more") : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"shard{(count > 1 ? "s" : string.Empty)} {names}{more} of {Count} {(count > 1 ? "are" : "is")} missing");
    }
}
