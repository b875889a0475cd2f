using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>SentencePiece's BPE: of all neighbours whose joined text is a piece, the pair of the highest score is joined, the leftmost of equals.</summary>
internal sealed class ScoredBpeModel : IModel
{
    /// <summary>Marks a symbol that is never joined: a user-defined piece.</summary>
    private const int Frozen = -2;
    private readonly ScoredPieces _pieces;
    private readonly bool[] _joins;
    private readonly ByteTrie _frozenPieces;
    private readonly int[] _byteFallback;
    private readonly int _longestPiece;
    private readonly bool _hasUnused;
    private readonly string _source;

    /// <param name="source">Name of the file, for errors.</param>
    /// <param name="pieces">The vocabulary.</param>
    /// <param name="unknownId">Id of the unknown token, or -1.</param>
    /// <param name="byteFallback">Whether what has no piece becomes its bytes' pieces.</param>
    /// <param name="joinsAll">llama.cpp: any piece may arise by joining, and user-defined ones are found before. SentencePiece: only normal, unused and user-defined ones.</param>
    public ScoredBpeModel(string source, ScoredPieces pieces, int unknownId, bool byteFallback, bool joinsAll)
    {
        _source = source;
        _pieces = pieces;
        UnknownId = unknownId;
        _byteFallback = byteFallback ? FindBytes(pieces.Vocabulary, joinsAll) : [];
        _frozenPieces = joinsAll ? new ByteTrie(16) : pieces.TrieOf(PieceType.UserDefined);
        _joins = Array.ConvertAll(pieces.Types, type => joinsAll || type is PieceType.Normal or PieceType.Unused or PieceType.UserDefined);
        for (int id = 0; id < pieces.Types.Length; id++)
        {
            _ = pieces.Vocabulary.TryPiece(id, out ReadOnlySpan<byte> piece);
            _longestPiece = Math.Max(_longestPiece, piece.Length);
            _hasUnused |= !joinsAll && pieces.Types[id] == PieceType.Unused;
        }
    }

    public string Kind => "sentencepiece-bpe";

    public Vocabulary Vocabulary => _pieces.Vocabulary;

    public int UnknownId { get; }

    public void Tokenize(ReadOnlySpan<byte> text, int start, int end, Workspace workspace, TokenList output)
    {
        ReadOnlySpan<byte> word = text[start..end];
        workspace.ReserveSymbols(word.Length);
        Span<Symbol> symbols = workspace.Symbols.AsSpan(0, Split(word, workspace.Symbols));
        Dictionary<int, int>? joints = _hasUnused ? [] : null;
        Join(word, symbols, workspace.Queue, joints);
        int unknownStart = -1;
        for (int i = 0; i >= 0 && i < symbols.Length; i = symbols[i].Next)
        {
            Emit(word, symbols[i].Start, symbols[i].Length, start, joints, ref unknownStart, output);
        }

        FlushUnknown(word, ref unknownStart, word.Length, start, output);
    }

    private int Split(ReadOnlySpan<byte> word, Symbol[] symbols)
    {
        int count = 0;
        for (int i = 0; i < word.Length; count++)
        {
            int frozen = PrefixMatch.Longest(_frozenPieces, word[i..]);
            int length = frozen > 0 ? frozen : CodePoints.LengthOf(word[i]);
            symbols[count] = new Symbol { Id = frozen > 0 ? Frozen : 0, Start = i, Length = length, Previous = count - 1, Next = count + 1 };
            i += length;
        }

        symbols[count - 1].Next = -1;
        return count;
    }

    private void Join(ReadOnlySpan<byte> word, Span<Symbol> symbols, MergeQueue queue, Dictionary<int, int>? joints)
    {
        queue.Clear();
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            Offer(word, symbols, i, queue, joints);
        }

        while (queue.Count > 0)
        {
            (int position, int size) = queue.Pop();
            ref Symbol left = ref symbols[position];
            if (left.Length == 0 || left.Next < 0 || left.Length + symbols[left.Next].Length != size)
            {
                continue; // one of the two was joined with another symbol meanwhile
            }

            ref Symbol right = ref symbols[left.Next];
            left.Length = size;
            right.Length = 0;
            left.Next = right.Next;
            if (left.Next >= 0)
            {
                symbols[left.Next].Previous = position;
                Offer(word, symbols, position, queue, joints);
            }

            if (left.Previous >= 0)
            {
                Offer(word, symbols, left.Previous, queue, joints);
            }
        }
    }

    private void Offer(ReadOnlySpan<byte> word, Span<Symbol> symbols, int position, MergeQueue queue, Dictionary<int, int>? joints)
    {
        Symbol left = symbols[position];
        Symbol right = symbols[left.Next];
        int size = left.Length + right.Length;
        if (left.Id == Frozen || right.Id == Frozen || size > _longestPiece)
        {
            return;
        }

        int id = Vocabulary.Find(word.Slice(left.Start, size));
        if (id >= 0 && _joins[id])
        {
            queue.Push(Priority(_pieces.Scores[id]), position, size);
            if (joints is not null && _pieces.Types[id] == PieceType.Unused)
            {
                joints[id] = left.Length;
            }
        }
    }

    /// <summary>Smaller for a higher score.</summary>
    private static uint Priority(float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f); // -0 and 0 are equal
        return (bits & 0x80000000) != 0 ? bits : ~bits & 0x7FFFFFFF;
    }

    private void Emit(ReadOnlySpan<byte> word, int from, int length, int start, Dictionary<int, int>? joints, ref int unknownStart, TokenList output)
    {
        int id = Vocabulary.Find(word.Slice(from, length));
        if (id >= 0 && joints is not null && _pieces.Types[id] == PieceType.Unused && joints.TryGetValue(id, out int leftLength))
        {
            Emit(word, from, leftLength, start, joints, ref unknownStart, output);
            Emit(word, from + leftLength, length - leftLength, start, joints, ref unknownStart, output);
        }
        else if (id < 0 || id == UnknownId)
        {
            unknownStart = unknownStart < 0 ? from : unknownStart;
        }
        else
        {
            FlushUnknown(word, ref unknownStart, from, start, output);
            output.Add(id, start + from, start + from + length);
        }
    }

    /// <summary>A run that has no pieces: its bytes, or one unknown token.</summary>
    private void FlushUnknown(ReadOnlySpan<byte> word, ref int from, int to, int start, TokenList output)
    {
        if (from < 0)
        {
            return;
        }

        for (int i = from; i < to && _byteFallback.Length > 0; i++)
        {
            output.Add(_byteFallback[word[i]] >= 0 ? _byteFallback[word[i]] : RequireUnknown(word[from..to]), start + i, start + i + 1);
        }

        if (_byteFallback.Length == 0)
        {
            output.Add(RequireUnknown(word[from..to]), start + from, start + to);
        }

        from = -1;
    }

    private int RequireUnknown(ReadOnlySpan<byte> text) => UnknownId >= 0 ? UnknownId : throw TokenErrors.NoUnknown(_source, CodePoints.String(text));

    /// <summary>Byte pieces; llama.cpp takes a piece of one raw byte where there is none.</summary>
    private static int[] FindBytes(Vocabulary vocabulary, bool orRaw)
    {
        int[] ids = BytePieces.Find(vocabulary);
        for (int value = 0; orRaw && value < 256; value++)
        {
            ids[value] = ids[value] >= 0 ? ids[value] : vocabulary.Find([(byte)value]);
        }

        return ids;
    }
}
