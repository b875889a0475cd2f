namespace Keyhole.Engine.Tokens.Models;

/// <summary>A trie over bytes, its edges in one open-addressed table.</summary>
internal sealed class ByteTrie
{
    private long[] _edges;
    private int[] _targets;
    private int[] _values;
    private int _nodes = 1;

    public ByteTrie(int capacity)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 16) * 4);
        _edges = new long[size];
        _targets = new int[size];
        _values = new int[Math.Max(capacity, 16)];
        Array.Fill(_values, -1);
    }

    /// <summary>Adds a key with its value; false, and nothing changes, where the key is there already.</summary>
    public bool Add(ReadOnlySpan<byte> key, int value)
    {
        int node = 0;
        foreach (byte letter in key)
        {
            int slot = Locate(Edge(node, letter));
            if (_edges[slot] == 0)
            {
                _edges[slot] = Edge(node, letter);
                _targets[slot] = NewNode();
                node = _targets[slot];
                if (_nodes * 2 > _edges.Length)
                {
                    Grow();
                }
            }
            else
            {
                node = _targets[slot];
            }
        }

        if (_values[node] >= 0)
        {
            return false;
        }

        _values[node] = value;
        return true;
    }

    /// <summary>Goes on by one byte from <paramref name="node"/> (0 is the root); false where no key goes on so.</summary>
    public bool Step(ref int node, byte letter)
    {
        int slot = Locate(Edge(node, letter));
        node = _targets[slot];
        return _edges[slot] != 0;
    }

    /// <summary>Value of the key that ends at a node, or -1.</summary>
    public int ValueAt(int node) => _values[node];

    private static long Edge(int node, byte letter) => ((long)node << 8) + letter + 1;

    private int NewNode()
    {
        if (_nodes == _values.Length)
        {
            Array.Resize(ref _values, _nodes * 2);
            Array.Fill(_values, -1, _nodes, _nodes);
        }

        return _nodes++;
    }

    private int Locate(long edge)
    {
        int mask = _edges.Length - 1;
        int slot = (int)(((ulong)edge * 0x9E3779B97F4A7C15UL) >> 33) & mask;
        while (_edges[slot] != 0 && _edges[slot] != edge)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Grow()
    {
        (long[] edges, int[] targets) = (_edges, _targets);
        _edges = new long[edges.Length * 2];
        _targets = new int[edges.Length * 2];
        for (int i = 0; i < edges.Length; i++)
        {
            if (edges[i] != 0)
            {
                int slot = Locate(edges[i]);
                _edges[slot] = edges[i];
                _targets[slot] = targets[i];
            }
        }
    }
}
