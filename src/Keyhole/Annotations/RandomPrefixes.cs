using System.Collections.Immutable;
using Keyhole.Corpora;
using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>
/// Finds random prefixes that end in the same tokens and are as long as those of a list: for each the prefix of another unit with its last token and the nearest
/// length, the first in a random order of those. Where no other unit has the token, one of the nearest length with any last token.
/// </summary>
/// <remarks>All lists are asked for first, so that the study's units are read once (twice where a token is too rare).</remarks>
internal sealed class RandomPrefixes
{
    private const ulong Stream = 0x414E_0005;

    private readonly Study _study;
    private readonly ulong _seed;
    private readonly List<Request> _requests = [];
    private readonly List<ImmutableArray<SheetPrefix>> _found = [];
    private int _lists;

    /// <param name="study">The study.</param>
    /// <param name="seed">Which prefixes.</param>
    public RandomPrefixes(Study study, ulong seed)
    {
        _study = study;
        _seed = seed;
    }

    /// <summary>Asks for a list like another; what is given tells it after <see cref="Find"/>.</summary>
    /// <param name="like">The other list.</param>
    public Func<IEnumerable<SheetPrefix>> Ask(ImmutableArray<SheetPrefix> like)
    {
        int list = _lists++;
        HashSet<int> taken = [.. like.Select(prefix => prefix.Unit)];
        foreach (SheetPrefix prefix in like)
        {
            StudyUnit unit = _study.Unit(prefix.Unit);
            _requests.Add(new Request(list, unit.Tokens[prefix.Position], prefix, taken, like.Length, CounterHash.Hash(_seed ^ Stream, (ulong)_requests.Count)));
        }

        return () => _found[list];
    }

    /// <summary>Reads the units.</summary>
    public void Find(CancellationToken cancellation)
    {
        if (_lists == 0)
        {
            return;
        }

        Scan(_requests.GroupBy(request => request.Token).ToDictionary(group => group.Key, group => group.ToArray()), cancellation);
        Request[] poor = [.. _requests.Where(request => request.Candidates.Count < request.Wanted)];
        if (poor.Length > 0)
        {
            Scan(poor, cancellation);
        }

        foreach (IGrouping<int, Request> list in _requests.GroupBy(request => request.List).OrderBy(list => list.Key))
        {
            HashSet<int> units = [];
            _found.Add([.. list.Select(request => request.Choose(units))]);
        }
    }

    private void Scan(Dictionary<int, Request[]> byToken, CancellationToken cancellation)
    {
        foreach (StudyUnit unit in _study.Units())
        {
            cancellation.ThrowIfCancellationRequested();
            for (int position = 1; position < unit.Tokens.Length - 1; position++)
            {
                foreach (Request request in byToken.GetValueOrDefault(unit.Tokens[position], []))
                {
                    request.Offer(unit.Index, position);
                }
            }
        }
    }

    // A last token that hardly any other unit has: any token at the same place, or the nearest.
    private void Scan(Request[] requests, CancellationToken cancellation)
    {
        foreach (StudyUnit unit in _study.Units().Where(unit => unit.Tokens.Length > 2))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (Request request in requests)
            {
                request.OfferOther(unit.Index, Math.Clamp(request.Position, 1, unit.Tokens.Length - 2));
            }
        }
    }

    /// <summary>One prefix that is looked for, with the best candidates so far: as many as the list is long, so that one is left whatever the others took.</summary>
    private sealed class Request(int list, int token, SheetPrefix like, HashSet<int> taken, int wanted, ulong seed)
    {
        private readonly PriorityQueue<SheetPrefix, (int Distance, ulong Hash)> _others = NewQueue();
        private SheetPrefix _best = new(-1, -1);   // of the unit that is being read
        private (int Distance, ulong Hash) _rank;

        public int List => list;

        public int Token => token;

        public int Position => like.Position;

        public int Wanted => wanted;

        /// <summary>The best candidates with the last token, the worst on top.</summary>
        public PriorityQueue<SheetPrefix, (int Distance, ulong Hash)> Candidates { get; } = NewQueue();

        public void Offer(int unit, int at)
        {
            if (taken.Contains(unit))
            {
                return;
            }

            (int, ulong) rank = RankOf(unit, at);
            if (_best.Unit == unit)
            {
                if (rank.CompareTo(_rank) >= 0)
                {
                    return;
                }

                Candidates.Remove(_best, out _, out _);
            }

            _best = new SheetPrefix(unit, at);
            _rank = rank;
            Keep(Candidates, _best, rank);
        }

        public void OfferOther(int unit, int at)
        {
            if (!taken.Contains(unit))
            {
                Keep(_others, new SheetPrefix(unit, at), RankOf(unit, at));
            }
        }

        /// <summary>The best candidate of a unit that the list does not have yet.</summary>
        public SheetPrefix Choose(HashSet<int> units)
        {
            foreach (SheetPrefix candidate in Ordered(Candidates).Concat(Ordered(_others)))
            {
                if (units.Add(candidate.Unit))
                {
                    return candidate;
                }
            }

            return like;   // the study has hardly more units than the list
        }

        private (int, ulong) RankOf(int unit, int at) => (Math.Abs(at - like.Position), CounterHash.Hash(seed, (ulong)unit, (ulong)at));

        private void Keep(PriorityQueue<SheetPrefix, (int Distance, ulong Hash)> queue, SheetPrefix prefix, (int, ulong) rank)
        {
            if (queue.Count < wanted)
            {
                queue.Enqueue(prefix, rank);
            }
            else
            {
                queue.EnqueueDequeue(prefix, rank);
            }
        }

        private static IEnumerable<SheetPrefix> Ordered(PriorityQueue<SheetPrefix, (int Distance, ulong Hash)> queue)
            => queue.UnorderedItems.OrderBy(item => item.Priority).Select(item => item.Element);

        private static PriorityQueue<SheetPrefix, (int, ulong)> NewQueue() => new(Comparer<(int, ulong)>.Create((x, y) => y.CompareTo(x)));
    }
}
