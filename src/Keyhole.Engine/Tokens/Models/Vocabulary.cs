using System.Buffers.Binary;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>Pieces (UTF-8) and their ids, both ways, in three flat arrays: no string per piece.</summary>
internal sealed class Vocabulary
{
    /// <summary>Largest vocabulary that is read; the largest known ones have about 300,000 pieces.</summary>
    public const int MaximumId = 1 << 24;

    private byte[] _arena;
    private int _used;
    private Entry[] _entries;
    private int _count;
    private int[] _slots;
    private int[] _entryOfId;

    public Vocabulary(int capacity)
    {
        _arena = new byte[Math.Max(capacity, 16) * 8];
        _entries = new Entry[Math.Max(capacity, 16)];
        _entryOfId = new int[Math.Max(capacity, 16)];
        _slots = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 16) * 2)];
    }

    /// <summary>Number of distinct pieces.</summary>
    public int Count => _count;

    /// <summary>Largest id + 1.</summary>
    public int Size { get; private set; }

    /// <summary>Adds a piece. A piece that is there already gets the new id, as in a JSON object read into a map; the old id keeps its text.</summary>
    public void Add(ReadOnlySpan<byte> piece, int id)
    {
        uint hash = Hash(piece);
        int slot = Locate(piece, hash);
        int entry = _slots[slot] - 1;
        if (entry < 0)
        {
            entry = Append(piece, hash, id);
            _slots[slot] = entry + 1;
            if (_count * 2 > _slots.Length)
            {
                Grow();
            }
        }

        _entries[entry].Id = id;
        MapId(id, entry);
    }

    /// <summary>Id of a piece, or -1.</summary>
    public int Find(ReadOnlySpan<byte> piece)
    {
        int entry = _slots[Locate(piece, Hash(piece))] - 1;
        return entry < 0 ? -1 : _entries[entry].Id;
    }

    /// <summary>Id of a piece, or -1.</summary>
    public int Find(string piece) => Find(CodePoints.Utf8(piece));

    /// <summary>The piece of an id; false where the id has none.</summary>
    public bool TryPiece(int id, out ReadOnlySpan<byte> piece)
    {
        int entry = (uint)id < (uint)_entryOfId.Length ? _entryOfId[id] - 1 : -1;
        piece = entry < 0 ? default : _arena.AsSpan(_entries[entry].Start, _entries[entry].Length);
        return entry >= 0;
    }

    internal static uint Hash(ReadOnlySpan<byte> piece)
    {
        ulong hash = (ulong)piece.Length * 0x9E3779B97F4A7C15UL;
        while (piece.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(piece)) * 0xD6E8FEB86659FD93UL;
            hash ^= hash >> 32;
            piece = piece[8..];
        }

        ulong tail = 0;
        if (piece.Length >= 4)
        {
            tail = ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(piece) << 32) | BinaryPrimitives.ReadUInt32LittleEndian(piece[^4..]);
        }
        else if (piece.Length > 0)
        {
            tail = ((ulong)piece[0] << 16) | ((ulong)piece[piece.Length >> 1] << 8) | piece[^1];
        }

        hash = (hash ^ tail) * 0xD6E8FEB86659FD93UL;
        return (uint)(hash ^ (hash >> 32));
    }

    private int Locate(ReadOnlySpan<byte> piece, uint hash)
    {
        int mask = _slots.Length - 1;
        int slot = (int)(hash & (uint)mask);
        while (_slots[slot] != 0)
        {
            ref Entry entry = ref _entries[_slots[slot] - 1];
            if (entry.Hash == hash && entry.Length == piece.Length && _arena.AsSpan(entry.Start, entry.Length).SequenceEqual(piece))
            {
                break;
            }

            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private int Append(ReadOnlySpan<byte> piece, uint hash, int id)
    {
        if (_used + piece.Length > _arena.Length)
        {
            Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _used + piece.Length));
        }

        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        piece.CopyTo(_arena.AsSpan(_used));
        _entries[_count] = new Entry { Hash = hash, Start = _used, Length = piece.Length, Id = id };
        _used += piece.Length;
        return _count++;
    }

    private void MapId(int id, int entry)
    {
        if (id >= _entryOfId.Length)
        {
            Array.Resize(ref _entryOfId, Math.Max(_entryOfId.Length * 2, id + 1));
        }

        _entryOfId[id] = entry + 1;
        Size = Math.Max(Size, id + 1);
    }

    private void Grow()
    {
        int[] old = _slots;
        _slots = new int[old.Length * 2];
        int mask = _slots.Length - 1;
        foreach (int value in old)
        {
            if (value == 0)
            {
                continue;
            }

            int slot = (int)(_entries[value - 1].Hash & (uint)mask);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _slots[slot] = value;
        }
    }

    private struct Entry
    {
        public uint Hash;
        public int Start;
        public int Length;
        public int Id;
    }
}
