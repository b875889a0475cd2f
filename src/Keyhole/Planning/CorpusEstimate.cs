namespace Keyhole.Planning;

/// <summary>What a corpus comes to under a model's tokenizer: counted, or estimated from pieces that are spread evenly over it.</summary>
public sealed record CorpusEstimate
{
    /// <summary>Stored bytes of all files.</summary>
    public required long Bytes { get; init; }

    /// <summary>Stored bytes that were looked at; all of them where <see cref="IsCounted"/>.</summary>
    public required long SampledBytes { get; init; }

    /// <summary>Whether everything was read, so that nothing is estimated.</summary>
    public required bool IsCounted { get; init; }

    /// <summary>Text units, windows of long ones each for itself.</summary>
    public required double Units { get; init; }

    /// <summary>Their tokens, BOS included.</summary>
    public required double Tokens { get; init; }

    /// <summary>Tokens of the longest text that was looked at.</summary>
    public required int Longest { get; init; }

    /// <summary>2 x multiply-adds of mining them.</summary>
    public required double Operations { get; init; }

    /// <summary>Bytes of the units' texts, tokens and spans as a study stores them.</summary>
    public required double PackedBytes { get; init; }

    /// <summary>Seconds of reading and tokenising everything on this machine, which every shard does.</summary>
    public required double ReadSeconds { get; init; }
}
