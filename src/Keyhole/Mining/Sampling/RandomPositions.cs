using Keyhole.Corpora;

namespace Keyhole.Mining.Sampling;

/// <summary>Some candidate positions of a whole corpus, drawn uniformly: those with the smallest hash(seed, unit, position), in its order.</summary>
internal sealed class RandomPositions
{
    /// <summary>How many.</summary>
    public const int Count = 10;

    private const ulong OfPositions = 0x73;

    private readonly List<RandomPosition> _kept = new(Count + 1);

    /// <summary>The positions so far.</summary>
    public IReadOnlyList<RandomPosition> Kept => _kept;

    /// <summary>What a position is drawn by: the smallest are kept.</summary>
    public static ulong Hash(ulong seed, int unit, int position) => CounterHash.Hash(seed ^ OfPositions, (ulong)unit, (ulong)position);

    /// <summary>Draws from the candidates of a text.</summary>
    /// <param name="seed">Seed of the rules.</param>
    /// <param name="unit">The text's number.</param>
    /// <param name="ids">Its tokens.</param>
    /// <param name="first">First candidate position.</param>
    /// <param name="end">One past the last.</param>
    public void Add(ulong seed, int unit, ReadOnlySpan<int> ids, int first, int end)
    {
        for (int position = first; position < end; position++)
        {
            ulong hash = Hash(seed, unit, position);
            if (_kept.Count < Count || hash < _kept[^1].Hash)
            {
                Keep(new RandomPosition(hash, unit, position, position + 1 < ids.Length ? ids[position + 1] : -1));
            }
        }
    }

    /// <summary>Writes them.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(_kept.Count);
        foreach (RandomPosition kept in _kept)
        {
            writer.Write(kept.Hash);
            writer.Write(kept.Unit);
            writer.Write(kept.Position);
            writer.Write(kept.Target);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are no positions.</exception>
    /// <exception cref="EndOfStreamException">They end early.</exception>
    public static RandomPositions Restore(BinaryReader reader)
    {
        var positions = new RandomPositions();
        int count = reader.ReadInt32();
        for (int i = 0; i < count; i++)
        {
            positions._kept.Add(new RandomPosition(reader.ReadUInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32()));
        }

        return count is >= 0 and <= Count ? positions : throw new InvalidDataException($"it has {count} random positions");
    }

    private void Keep(RandomPosition position)
    {
        int place = _kept.Count;
        while (place > 0 && position.Hash < _kept[place - 1].Hash)
        {
            place--;
        }

        _kept.Insert(place, position);
        if (_kept.Count > Count)
        {
            _kept.RemoveAt(Count);
        }
    }
}
