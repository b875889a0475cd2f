namespace Keyhole.Engine.Tokens.Models;

/// <summary>Remembers the tokens of short words. Bounded: it forgets everything when it is full.</summary>
internal sealed class WordCache
{
    /// <summary>Longer words are not kept.</summary>
    public const int LongestWord = 48;

    private const int Slots = 1 << 16;
    private const int MaximumWords = Slots / 2;
    private readonly Entry[] _entries = new Entry[Slots];
    private byte[] _words = new byte[1 << 18];
    private (int Id, int Length)[] _tokens = new (int, int)[1 << 16];
    private int _wordBytes;
    private int _tokenCount;
    private int _count;

    /// <summary>Tokens of a word as (id, bytes); false where it is not known.</summary>
    public bool TryGet(ReadOnlySpan<byte> word, uint hash, out ReadOnlySpan<(int Id, int Length)> tokens)
    {
        for (uint slot = hash; ; slot++)
        {
            ref Entry entry = ref _entries[slot & (Slots - 1)];
            if (entry.WordLength == 0)
            {
                tokens = default;
                return false;
            }

            if (entry.Hash == hash && entry.WordLength == word.Length && _words.AsSpan(entry.WordStart, entry.WordLength).SequenceEqual(word))
            {
                tokens = _tokens.AsSpan(entry.TokenStart, entry.TokenCount);
                return true;
            }
        }
    }

    /// <summary>Keeps the tokens of a word that is not known yet: those of <paramref name="list"/> from <paramref name="first"/> on.</summary>
    public void Set(ReadOnlySpan<byte> word, uint hash, TokenList list, int first)
    {
        if (_count == MaximumWords)
        {
            Array.Clear(_entries);
            _count = _wordBytes = _tokenCount = 0;
        }

        int count = list.Count - first;
        if (_wordBytes + word.Length > _words.Length)
        {
            Array.Resize(ref _words, _words.Length * 2);
        }

        if (_tokenCount + count > _tokens.Length)
        {
            Array.Resize(ref _tokens, _tokens.Length * 2);
        }

        uint slot = hash;
        while (_entries[slot & (Slots - 1)].WordLength != 0)
        {
            slot++;
        }

        _entries[slot & (Slots - 1)] = new Entry { Hash = hash, WordStart = _wordBytes, WordLength = word.Length, TokenStart = _tokenCount, TokenCount = count };
        word.CopyTo(_words.AsSpan(_wordBytes));
        _wordBytes += word.Length;
        for (int i = first; i < list.Count; i++)
        {
            _tokens[_tokenCount++] = (list.Ids[i], list.Ends[i] - list.Starts[i]);
        }

        _count++;
    }

    private struct Entry
    {
        public uint Hash;
        public int WordStart;
        public int WordLength;
        public int TokenStart;
        public int TokenCount;
    }
}
