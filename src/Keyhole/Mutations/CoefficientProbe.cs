using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Memories;

namespace Keyhole.Mutations;

/// <summary>Gathers questions for single coefficients on token sequences, then answers all of them with few packed passes.</summary>
/// <remarks>
/// A sequence that is asked about several times runs once. Sequences are packed in order of the deepest layer that is asked of them, and a pass ends after that
/// layer. No answer depends on how they are packed.
/// </remarks>
internal sealed class CoefficientProbe
{
    // Rows of a pass: enough for full tiles on every thread.
    private const int MostRows = 16_384;
    private const int LeastRows = 2_048;

    // Above this the layers are packed anew for each pass.
    private const long MostPackedBytes = 1L << 30;

    private readonly ModelSpec _spec;
    private readonly List<Sequence> _sequences = [];
    private readonly Dictionary<int[], int> _known = new(new TokenSequenceComparer());
    private readonly List<(int Sequence, int Row, NeuronId Id)> _questions = [];

    /// <param name="spec">The model.</param>
    public CoefficientProbe(ModelSpec spec) => _spec = spec;

    /// <summary>Number of distinct sequences.</summary>
    public int Sequences => _sequences.Count;

    /// <summary>Asks for the coefficient of a memory at a row of a sequence; gives the number of its answer.</summary>
    /// <param name="tokens">The sequence.</param>
    /// <param name="row">Position in it.</param>
    /// <param name="id">The memory.</param>
    /// <param name="unit">The unit that the sequence comes from, for messages.</param>
    /// <exception cref="ArgumentException">The model has no such memory.</exception>
    public int Ask(int[] tokens, int row, NeuronId id, int unit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, tokens.Length);
        if (!_spec.Has(id))
        {
            throw new ArgumentException($"Memory {id} is not in this model.", nameof(id));
        }

        if (!_known.TryGetValue(tokens, out int sequence))
        {
            sequence = _sequences.Count;
            _known.Add(tokens, sequence);
            _sequences.Add(new Sequence(tokens, unit));
        }

        _sequences[sequence].Deepest = Math.Max(_sequences[sequence].Deepest, id.Layer);
        _questions.Add((sequence, row, id));
        return _questions.Count - 1;
    }

    /// <summary>Answers all questions, by their numbers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <param name="mostRows">Most rows of a pass, a longer sequence alone; changes no answer.</param>
    /// <exception cref="InputRefusedException">KH5224: NaN or infinity; KH3007, KH3008: the tokens do not fit the model.</exception>
    public float[] Run(Model model, int threads, IProgress<double>? progress, CancellationToken cancellation, int mostRows = MostRows)
    {
        var answers = new float[_questions.Count];
        if (answers.Length == 0)
        {
            return answers;
        }

        ILookup<int, int> tickets = Enumerable.Range(0, answers.Length).ToLookup(ticket => _questions[ticket].Sequence);
        List<int[]> batches = Pack(mostRows);
        double work = _sequences.Sum(sequence => (double)sequence.Tokens.Length * (sequence.Deepest + 1));
        double done = 0;
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = threads, KeepLayers = KeepsLayers(batches.Count) });
        foreach (int[] batch in batches)
        {
            (TokenBatch texts, ProbePoint[][] points) = Prepare(batch, tickets);
            int deepest = batch.Max(sequence => _sequences[sequence].Deepest);
            double share = batch.Sum(sequence => (double)_sequences[sequence].Tokens.Length * (_sequences[sequence].Deepest + 1)) / work;
            double before = done;
            var observer = new ProbeObserver(points, answers, layer => progress?.Report(before + (share * (layer + 1) / (deepest + 1))));
            try
            {
                pass.Run(texts, observer, cancellation);
            }
            catch (NotFiniteException failure)
            {
                throw new InputRefusedException("KH5224", string.Create(CultureInfo.InvariantCulture, $"{model.Path}: layer {failure.Layer} gives NaN or infinity on a prefix of unit {_sequences[batch[failure.Text]].Unit} of the study, or on the prefix without one of its tokens. The weights hold such values, or overflow on this text; no number is made of them."), failure);
            }

            done += share;
        }

        return answers;
    }

    // Sequences of each pass. A new one begins where the next sequence goes deeper, unless the pass would be too small to be worth it.
    private List<int[]> Pack(int mostRows)
    {
        var batches = new List<int[]>();
        var batch = new List<int>();
        int rows = 0;
        int deepest = 0;
        foreach (int sequence in Enumerable.Range(0, _sequences.Count).OrderBy(i => _sequences[i].Deepest).ThenBy(i => i))
        {
            int length = _sequences[sequence].Tokens.Length;
            if (batch.Count > 0 && (rows + length > mostRows || (_sequences[sequence].Deepest > deepest && rows >= LeastRows)))
            {
                batches.Add([.. batch]);
                batch.Clear();
                rows = 0;
            }

            batch.Add(sequence);
            rows += length;
            deepest = _sequences[sequence].Deepest;
        }

        batches.Add([.. batch]);
        return batches;
    }

    private bool KeepsLayers(int passes)
        => passes > 1 && Enumerable.Range(0, _sequences.Max(sequence => sequence.Deepest) + 1).Sum(layer => ForwardPass.PackedBytes(_spec, layer)) <= MostPackedBytes;

    private (TokenBatch Texts, ProbePoint[][] Points) Prepare(int[] batch, ILookup<int, int> tickets)
    {
        var starts = new int[batch.Length + 1];
        List<ProbePoint>[] points = [.. Enumerable.Range(0, _spec.LayerCount).Select(_ => new List<ProbePoint>())];
        for (int text = 0; text < batch.Length; text++)
        {
            starts[text + 1] = starts[text] + _sequences[batch[text]].Tokens.Length;
            foreach (int ticket in tickets[batch[text]])
            {
                (int _, int row, NeuronId id) = _questions[ticket];
                points[id.Layer].Add(new ProbePoint(starts[text] + row, _spec.Blocks[id.Layer].FeedForward.NumberOf(id), ticket));
            }
        }

        return (new TokenBatch([.. batch.SelectMany(sequence => _sequences[sequence].Tokens)], starts), [.. points.Select(layer => layer.OrderBy(point => point.Row).ToArray())]);
    }

    private sealed class Sequence(int[] tokens, int unit)
    {
        public int[] Tokens { get; } = tokens;

        public int Unit { get; } = unit;

        public int Deepest { get; set; }
    }
}
