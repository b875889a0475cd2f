using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>A unigram language model over pieces: the segmentation of the largest sum of scores (log-probabilities), by dynamic programming.</summary>
/// <remarks>
/// A character without a piece of its own costs the least score minus 10. Of equal sums the one that was found first stays.
/// The tokenizers library adds in double precision; SentencePiece keeps each sum in single precision.
/// </remarks>
internal sealed class UnigramModel : IModel
{
    private const double UnknownPenalty = 10;
    private readonly ByteTrie _trie;
    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int[] _byteFallback;
    private readonly bool _singlePrecision;
    private readonly string _source;

    /// <param name="source">Name of the file, for errors.</param>
    /// <param name="vocabulary">All pieces.</param>
    /// <param name="scores">Log-probability of each id, [V].</param>
    /// <param name="leastScore">Least score of the pieces that text may be split into.</param>
    /// <param name="unknownId">Id of the unknown token, or -1.</param>
    /// <param name="byteFallback">Whether an unknown character becomes its bytes' pieces.</param>
    /// <param name="singlePrecision">Whether sums are kept as SentencePiece keeps them.</param>
    /// <param name="isPiece">Which ids text may be split into; null: all.</param>
    public UnigramModel(
        string source, Vocabulary vocabulary, double[] scores, double leastScore, int unknownId, bool byteFallback, bool singlePrecision = false, Func<int, bool>? isPiece = null)
    {
        _source = source;
        Vocabulary = vocabulary;
        UnknownId = unknownId;
        _scores = scores;
        _singlePrecision = singlePrecision;
        _unknownScore = singlePrecision ? (float)((float)leastScore - (float)UnknownPenalty) : leastScore - UnknownPenalty;
        _byteFallback = byteFallback ? BytePieces.Find(vocabulary) : [];
        _trie = new ByteTrie(vocabulary.Count);
        for (int id = 0; id < vocabulary.Size; id++)
        {
            if ((isPiece is null || isPiece(id)) && vocabulary.TryPiece(id, out ReadOnlySpan<byte> piece) && !piece.IsEmpty)
            {
                _trie.Add(piece, vocabulary.Find(piece));
            }
        }
    }

    public string Kind => "unigram";

    public Vocabulary Vocabulary { get; }

    public int UnknownId { get; }

    public void Tokenize(ReadOnlySpan<byte> text, int start, int end, Workspace workspace, TokenList output)
    {
        ReadOnlySpan<byte> word = text[start..end];
        workspace.ReserveSymbols(word.Length + 1);
        Span<Symbol> best = workspace.Symbols.AsSpan(0, word.Length + 1);
        Span<double> sums = workspace.Sums(word.Length + 1);
        FindBest(word, best, sums);
        int count = Backtrack(best, word.Length);
        for (int i = 0; i < count; i++)
        {
            int from = best[i].Start;
            int to = from + best[i].Length;
            if (best[i].Id == UnknownId)
            {
                while (i + 1 < count && best[i + 1].Id == UnknownId)
                {
                    to += best[++i].Length;
                }

                AddUnknown(word[from..to], start + from, output);
            }
            else
            {
                output.Add(best[i].Id, start + from, start + to);
            }
        }
    }

    /// <summary>Fills, for each end, the last piece of the best path to it (Start, Id) and the path's sum.</summary>
    private void FindBest(ReadOnlySpan<byte> word, Span<Symbol> best, Span<double> sums)
    {
        for (int i = 0; i <= word.Length; i++)
        {
            best[i].Start = -1;
        }

        sums[0] = 0;
        for (int from = 0; from < word.Length;)
        {
            int length = CodePoints.LengthOf(word[from]);
            bool single = false;
            int node = 0;
            for (int i = from; i < word.Length && _trie.Step(ref node, word[i]); i++)
            {
                int id = _trie.ValueAt(node);
                if (id >= 0)
                {
                    Offer(best, sums, from, i + 1, id, sums[from] + _scores[id]);
                    single |= i + 1 - from == length;
                }
            }

            if (!single)
            {
                if (UnknownId < 0)
                {
                    throw TokenErrors.NoUnknown(_source, CodePoints.String(word.Slice(from, length))); // even where bytes could spell it
                }

                double sum = sums[from] + _unknownScore;
                Offer(best, sums, from, from + length, UnknownId, _singlePrecision ? (float)sum : sum);
            }

            from += length;
        }
    }

    private void Offer(Span<Symbol> best, Span<double> sums, int from, int to, int id, double sum)
    {
        if (best[to].Start < 0 || sum > sums[to])
        {
            best[to].Start = from;
            best[to].Id = id;
            sums[to] = _singlePrecision ? (float)sum : sum;
        }
    }

    /// <summary>Writes the pieces of the best path to the front, in order; returns their number.</summary>
    private static int Backtrack(Span<Symbol> best, int end)
    {
        int count = 0;
        for (int to = end; to > 0; to = best[to].Start)
        {
            count++;
        }

        // Linked through Next first, since the front of the array is still in use while we walk.
        int next = -1;
        for (int to = end; to > 0;)
        {
            int from = best[to].Start;
            best[to].Length = to - from;
            best[to].Next = next;
            next = to;
            to = from;
        }

        for (int i = 0; i < count; i++)
        {
            Symbol symbol = best[next];
            best[i] = symbol; // i < next: a path of i + 1 pieces ends at byte i + 1 or later
            next = symbol.Next;
        }

        return count;
    }

    private void AddUnknown(ReadOnlySpan<byte> text, int start, TokenList output)
    {
        // The tokenizers library looks a joined run up once more: the unknown token's own text is a piece there.
        bool isPiece = !_singlePrecision && Vocabulary.Find(text) >= 0;
        bool spelled = _byteFallback.Length > 0 && !isPiece;
        foreach (byte value in text)
        {
            spelled = spelled && _byteFallback[value] >= 0;
        }

        if (spelled)
        {
            foreach (byte value in text)
            {
                output.Add(_byteFallback[value], start, start + text.Length);
            }
        }
        else
        {
            output.Add(isPiece ? Vocabulary.Find(text) : UnknownId, start, start + text.Length);
        }
    }
}
