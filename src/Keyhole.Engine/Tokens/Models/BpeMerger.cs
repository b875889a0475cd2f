namespace Keyhole.Engine.Tokens.Models;

/// <summary>Applies ranked merges to the symbols of one word: the pair of least rank first, the leftmost of equals.</summary>
internal sealed class BpeMerger(MergeTable merges)
{
    /// <summary>Up to this many symbols the next merge is found by looking at all pairs, which beats a queue.</summary>
    private const int ScanLimit = 24;

    /// <summary>Merges until no pair is left to merge. Symbols that remain stand in order among the first that the result counts; those of length 0 are gone.</summary>
    public int Merge(Span<Symbol> symbols, MergeQueue queue)
    {
        if (symbols.Length <= ScanLimit)
        {
            return MergeByScan(symbols);
        }

        MergeByQueue(symbols, queue);
        return symbols.Length;
    }

    private int MergeByScan(Span<Symbol> symbols)
    {
        int count = symbols.Length;
        Span<int> ranks = stackalloc int[ScanLimit];
        Span<int> merged = stackalloc int[ScanLimit];
        for (int i = 0; i + 1 < count; i++)
        {
            ranks[i] = RankOf(symbols[i].Id, symbols[i + 1].Id, out merged[i]);
        }

        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < count; i++)
            {
                best = ranks[i] < ranks[best] ? i : best;
            }

            if (ranks[best] == int.MaxValue)
            {
                break;
            }

            symbols[best].Id = merged[best];
            symbols[best].Length += symbols[best + 1].Length;
            symbols[(best + 2)..count].CopyTo(symbols[(best + 1)..]);
            count--;
            if (best + 1 < count)
            {
                ranks[(best + 2)..count].CopyTo(ranks[(best + 1)..]);
                merged[(best + 2)..count].CopyTo(merged[(best + 1)..]);
                ranks[best] = RankOf(symbols[best].Id, symbols[best + 1].Id, out merged[best]);
            }

            if (best > 0)
            {
                ranks[best - 1] = RankOf(symbols[best - 1].Id, symbols[best].Id, out merged[best - 1]);
            }
        }

        return count;
    }

    private int RankOf(int left, int right, out int merged) => merges.TryGet(left, right, out int rank, out merged) ? rank : int.MaxValue;

    private void MergeByQueue(Span<Symbol> symbols, MergeQueue queue)
    {
        queue.Clear();
        for (int i = 0; i < symbols.Length; i++)
        {
            symbols[i].Previous = i - 1;
            symbols[i].Next = i + 1 < symbols.Length ? i + 1 : -1;
        }

        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            Offer(symbols, i, queue);
        }

        while (queue.Count > 0)
        {
            (int position, int check) = queue.Pop();
            ref Symbol left = ref symbols[position];
            if (left.Length == 0 || left.Next < 0)
            {
                continue;
            }

            ref Symbol right = ref symbols[left.Next];
            if (!merges.TryGet(left.Id, right.Id, out _, out int merged) || merged != check)
            {
                continue; // one of the two was merged with another symbol meanwhile
            }

            left.Id = merged;
            left.Length += right.Length;
            left.Next = right.Next;
            right.Length = 0;
            if (left.Next >= 0)
            {
                symbols[left.Next].Previous = position;
                Offer(symbols, position, queue);
            }

            if (left.Previous >= 0)
            {
                Offer(symbols, left.Previous, queue);
            }
        }
    }

    private void Offer(Span<Symbol> symbols, int position, MergeQueue queue)
    {
        if (merges.TryGet(symbols[position].Id, symbols[symbols[position].Next].Id, out int rank, out int merged))
        {
            queue.Push((uint)rank, position, merged);
        }
    }
}
