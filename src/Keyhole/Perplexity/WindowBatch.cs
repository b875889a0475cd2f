using Keyhole.Engine.Models;

namespace Keyhole.Perplexity;

/// <summary>Windows that go through the model together.</summary>
/// <param name="start">Ids before every window.</param>
internal sealed class WindowBatch(int[] start)
{
    private readonly List<int> _ids = [];
    private readonly List<int> _targets = [];
    private readonly List<int> _starts = [0];
    private readonly List<int> _texts = [];

    /// <summary>Rows so far.</summary>
    public int Rows => _ids.Count;

    /// <summary>Adds a window of a text.</summary>
    /// <param name="text">The text's number.</param>
    /// <param name="ids">All its tokens.</param>
    /// <param name="window">The window.</param>
    public void Add(int text, ReadOnlySpan<int> ids, ScoringWindow window)
    {
        // The row before a token gives its probability, so row i of what follows has token i as its target.
        _ids.AddRange(start);
        _ids.AddRange(ids[window.Start..window.End]);
        for (int token = window.Start - start.Length + 1; token <= window.End; token++)
        {
            _targets.Add(token >= window.FirstNew && token < window.End ? ids[token] : -1);
        }

        _starts.Add(_ids.Count);
        _texts.Add(text);
    }

    /// <summary>Runs the windows, and empties the batch.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="layers">L.</param>
    /// <param name="scored">Given, for each scored token in order, its text's number and its log-probability.</param>
    /// <param name="cancellation">Stops the run.</param>
    public void Run(ForwardPass pass, int layers, Action<int, double> scored, CancellationToken cancellation)
    {
        if (Rows == 0)
        {
            return;
        }

        var batch = new TokenBatch([.. _ids], [.. _starts]);
        int[] targets = [.. _targets];
        var scores = new NextTokenScores(layers, batch, targets);
        pass.Run(batch, scores, cancellation);
        for (int row = 0; row < targets.Length; row++)
        {
            if (targets[row] >= 0)
            {
                scored(_texts[batch.TextOf(row)], scores.LogProbabilities[row]);
            }
        }

        _ids.Clear();
        _targets.Clear();
        _starts.Clear();
        _starts.Add(0);
        _texts.Clear();
    }
}
