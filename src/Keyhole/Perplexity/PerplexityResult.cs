namespace Keyhole.Perplexity;

/// <summary>How well a model predicts texts. Numbers that need what is not there are NaN.</summary>
public sealed record PerplexityResult
{
    /// <summary>Total of -log p over the scored tokens, natural logarithm.</summary>
    public required double Nats { get; init; }

    /// <summary>Scored tokens.</summary>
    public required long Tokens { get; init; }

    /// <summary>Tokens of the texts that are not scored: the first of a window that begins without BOS.</summary>
    public required long UnscoredTokens { get; init; }

    /// <summary>Words of the scored text, separated by white space; a word counts where its first character is scored.</summary>
    public required long Words { get; init; }

    /// <summary>Bytes of the scored text in UTF-8.</summary>
    public required long Bytes { get; init; }

    /// <summary>Tokens of a window, BOS included.</summary>
    public required int Window { get; init; }

    /// <summary>Tokens of the text by which the window moves.</summary>
    public required int Stride { get; init; }

    /// <summary>Ids that stand before every window; empty where none do.</summary>
    public required IReadOnlyList<int> Start { get; init; }

    /// <summary>Perplexity of each text in order; NaN where a text has no token to score.</summary>
    public required IReadOnlyList<double> Perplexities { get; init; }

    /// <summary>exp(nats / tokens).</summary>
    public double Perplexity => Math.Exp(Nats / Tokens);

    /// <summary>exp(nats / words): the same total, so tokenizers can be compared.</summary>
    public double WordPerplexity => Words == 0 ? double.NaN : Math.Exp(Nats / Words);

    /// <summary>nats / ln 2 / bytes.</summary>
    public double BitsPerByte => Bytes == 0 ? double.NaN : Nats / Math.Log(2) / Bytes;

    /// <summary>Texts without a token to score.</summary>
    public int UnscoredTexts => Perplexities.Count(double.IsNaN);

    /// <summary>Mean of <see cref="Perplexities"/>, texts without a scored token left out.</summary>
    public double MeanPerplexity => Perplexities.Where(value => !double.IsNaN(value)).Average();
}
