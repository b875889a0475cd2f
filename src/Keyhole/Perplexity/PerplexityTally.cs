using System.Diagnostics;
using Keyhole.Corpora;
using Keyhole.Engine.Tokens;

namespace Keyhole.Perplexity;

/// <summary>Running totals: each text's log-probabilities are added in token order, the texts' totals in text order.</summary>
/// <param name="corpus">Tells how much is read.</param>
/// <param name="progress">Told how far the run is, or null.</param>
internal sealed class PerplexityTally(Corpus corpus, IProgress<PerplexityProgress>? progress)
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly List<(double Nats, long Tokens)> _texts = [];
    private long _unscored;
    private long _words;
    private long _bytes;
    private long _tokensRead;

    /// <summary>Scored tokens.</summary>
    public long Tokens { get; private set; }

    /// <summary>Rows given to the model.</summary>
    public long Rows { get; set; }

    /// <summary>Begins the next text.</summary>
    /// <param name="unit">The text.</param>
    /// <param name="encoding">Its tokens.</param>
    /// <param name="unscored">Tokens of it that are not scored, ascending.</param>
    /// <returns>Its number.</returns>
    public int Begin(in TextUnit unit, Encoding encoding, ReadOnlySpan<int> unscored)
    {
        if (encoding.Ids.Length > unscored.Length)
        {
            ScoredText counts = ScoredText.Count(unit.Text, encoding.Offsets, unscored);
            _words += counts.Words;
            _bytes += counts.Bytes;
        }

        _unscored += unscored.Length;
        _tokensRead += encoding.Ids.Length;
        _texts.Add(default);
        return _texts.Count - 1;
    }

    /// <summary>Adds a scored token.</summary>
    public void Score(int text, double logProbability)
    {
        _texts[text] = (_texts[text].Nats - logProbability, _texts[text].Tokens + 1);
        Tokens++;
    }

    /// <summary>Tells the progress: of the bytes that are read, the share of their tokens that is scored.</summary>
    public void Report()
    {
        double read = corpus.TotalBytes == 0 ? 0 : Math.Min(1, (double)corpus.BytesRead / corpus.TotalBytes);
        double done = _tokensRead == 0 ? 0 : Math.Min(1, (double)(Tokens + _unscored) / _tokensRead);
        progress?.Report(new PerplexityProgress(read * done, Rows / Stopwatch.GetElapsedTime(_began).TotalSeconds));
    }

    /// <summary>The result.</summary>
    public PerplexityResult Result(int window, int stride, int[] start) => new()
    {
        Nats = _texts.Sum(text => text.Nats),
        Tokens = Tokens,
        UnscoredTokens = _unscored,
        Words = _words,
        Bytes = _bytes,
        Window = window,
        Stride = stride,
        Start = start,
        Perplexities = [.. _texts.Select(text => text.Tokens == 0 ? double.NaN : Math.Exp(text.Nats / text.Tokens))],
    };
}
