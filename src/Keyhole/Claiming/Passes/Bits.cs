namespace Keyhole.Claiming.Passes;

/// <summary>A growing row of bits.</summary>
internal sealed class Bits
{
    private const int WordBits = 64;

    private readonly List<ulong> _words = [];

    /// <summary>Number of bits.</summary>
    public int Count { get; private set; }

    /// <summary>Number of ones.</summary>
    public int Ones { get; private set; }

    /// <summary>A bit.</summary>
    public bool this[int index] => (_words[index / WordBits] >> (index % WordBits) & 1) != 0;

    /// <summary>Adds a bit.</summary>
    public void Add(bool bit)
    {
        if (Count % WordBits == 0)
        {
            _words.Add(0);
        }

        if (bit)
        {
            _words[^1] |= 1UL << (Count % WordBits);
            Ones++;
        }

        Count++;
    }
}
