using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>What one thread needs while it encodes: kept between texts, so that nothing is allocated per token.</summary>
internal sealed class Workspace
{
    /// <summary>A workspace that has seen a longer text is not kept, so that one text does not hold memory for ever.</summary>
    private const int LongestKept = 16 << 20;

    private double[] _sums = [];
    private byte[] _scratch = [];
    private WordCache? _words;
    private WordCache? _byteWords;

    /// <summary>Words as the model's characters.</summary>
    public WordCache Words => _words ??= new();

    /// <summary>Words as raw bytes, which mean something else than the same bytes in <see cref="Words"/>.</summary>
    public WordCache ByteWords => _byteWords ??= new();

    public TokenList Tokens { get; } = new();

    public MergeQueue Queue { get; } = new();

    public Symbol[] Symbols { get; private set; } = new Symbol[64];

    public List<PieceRange> Ranges { get; private set; } = [];

    public List<PieceRange> NextRanges { get; private set; } = [];

    public byte[] Utf8 { get; private set; } = new byte[256];

    /// <summary>Whether it is small enough to be kept for the next text.</summary>
    public bool IsWorthKeeping => Utf8.Length <= LongestKept;

    public void ReserveSymbols(int count)
    {
        if (Symbols.Length < count)
        {
            Symbols = new Symbol[Math.Max(count, Symbols.Length * 2)];
        }
    }

    public void ReserveUtf8(int count)
    {
        if (Utf8.Length < count)
        {
            Utf8 = new byte[Math.Max(count, Utf8.Length * 2)];
        }
    }

    /// <summary>Room for sums of scores.</summary>
    public Span<double> Sums(int count)
    {
        _sums = _sums.Length < count ? new double[Math.Max(count, _sums.Length * 2)] : _sums;
        return _sums.AsSpan(0, count);
    }

    /// <summary>Bytes for a model's own use.</summary>
    public byte[] Scratch(int count) => _scratch = _scratch.Length < count ? new byte[Math.Max(count, _scratch.Length * 2)] : _scratch;

    public void SwapRanges()
    {
        (Ranges, NextRanges) = (NextRanges, Ranges);
        NextRanges.Clear();
    }
}
