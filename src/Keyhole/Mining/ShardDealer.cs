namespace Keyhole.Mining;

/// <summary>Deals texts out to shards so that these are even in tokens: each text goes to the shard that has the fewest, the first of equals.</summary>
/// <remarks>It depends on nothing but the texts' lengths in corpus order, so every shard deals alike. Two shards never differ by more than the longest text.</remarks>
internal sealed class ShardDealer
{
    private readonly long[] _tokens;   // [shards]
    private readonly PriorityQueue<int, (long Tokens, int Shard)> _queue = new();

    /// <param name="tokens">Tokens that each shard has already; kept up to date. Shape [shards].</param>
    public ShardDealer(long[] tokens)
    {
        _tokens = tokens;
        for (int shard = 0; shard < tokens.Length; shard++)
        {
            _queue.Enqueue(shard, (tokens[shard], shard));
        }
    }

    /// <summary>The shard that a text goes to.</summary>
    /// <param name="tokens">Tokens of the text.</param>
    public int Deal(int tokens)
    {
        int shard = _queue.Dequeue();
        _tokens[shard] += tokens;
        _queue.Enqueue(shard, (_tokens[shard], shard));
        return shard;
    }
}
