using System.Collections.Immutable;
using System.Diagnostics;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Planning;

/// <summary>Counts the units and tokens of a corpus, or estimates them within some seconds.</summary>
public sealed class CorpusEstimator : IDisposable
{
    private const long LargestCounted = 4L << 20;      // read as a whole
    private const long Beginning = 4L << 20;           // of a file that can only be read from its beginning: many times what is read ahead
    private const int MostPieces = 256;
    private const int LeastPieces = 16;
    private const double GoldenSection = 0.6180339887498949; // multiples of it, modulo 1, spread evenly however many are taken

    private readonly MiningOptions _options;
    private readonly ModelSpec _spec;
    private readonly UnitTokenizer _tokenizer;
    private readonly CorpusOptions _corpusOptions;
    private readonly int _layers;
    private readonly UnitBlockWriter _block = new();
    private int _pieces;
    private long _bytes;
    private long _units;
    private long _tokens;
    private long _packedBytes;
    private long _packedTokens;
    private int _longest;
    private double _operations;
    private double _seconds;
    private long _timedBytes;

    private CorpusEstimator(MiningOptions options, ModelSpec spec, Tokenizer tokenizer)
    {
        _options = options;
        _spec = spec;
        _tokenizer = new UnitTokenizer(tokenizer, options.Bos, spec.ContextLength);
        _corpusOptions = new CorpusOptions { Unit = options.Unit, TextField = options.TextField };
        _layers = (options.Layers?.Max() ?? (spec.LayerCount - 1)) + 1;
    }

    /// <summary>Counts a small corpus, and samples a large one for about <paramref name="longest"/>.</summary>
    /// <param name="options">What is to be mined, and how; its <see cref="MiningOptions.Limit"/> and <see cref="MiningOptions.Sample"/> count.</param>
    /// <param name="spec">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="longest">How long to look.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">The corpus cannot be read, or no text was found in it (KH5006).</exception>
    public static CorpusEstimate Run(MiningOptions options, ModelSpec spec, Tokenizer tokenizer, TimeSpan longest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(tokenizer);
        Corpus corpus = Corpus.Open(options.Corpus, new CorpusOptions { Unit = options.Unit, TextField = options.TextField });
        using var estimator = new CorpusEstimator(options, spec, tokenizer);
        bool counted = corpus.TotalBytes <= LargestCounted;
        if (counted)
        {
            estimator.Add(corpus, corpus.TotalBytes, static () => false, cancellation);
        }
        else
        {
            estimator.Sample(corpus, longest, cancellation);
        }

        return estimator._tokens == 0
            ? throw new InputRefusedException("KH5006", $"{string.Join(", ", options.Corpus)}: no text in this corpus. Check the path, --unit and --text-field.")
            : estimator.Estimate(corpus.TotalBytes, counted);
    }

    /// <inheritdoc/>
    public void Dispose() => _block.Dispose();

    private void Sample(Corpus corpus, TimeSpan longest, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        bool IsLate() => Stopwatch.GetElapsedTime(start) >= longest;
        var begun = new HashSet<int>(); // files that can only be read from their beginning, and were
        long pieces = Math.Min(MostPieces, corpus.TotalBytes / (2 * CorpusPiece.Bytes)); // half of the corpus at most: few of them overlap
        for (int piece = 0; piece < pieces && (piece < LeastPieces || !IsLate()); piece++)
        {
            cancellation.ThrowIfCancellationRequested();
            (int file, long offset) = Place(corpus, (long)(((0.5 + (piece * GoldenSection)) % 1) * corpus.TotalBytes));
            string path = corpus.PathOf(file)!;
            if (!CorpusPiece.HasMiddle(path))
            {
                if (begun.Add(file))
                {
                    Add(Corpus.Open([path], _corpusOptions), Beginning, IsLate, cancellation);
                }
            }
            else if (CorpusPiece.Cut(path, offset) is { Length: > 0 } bytes)
            {
                Add(CorpusPiece.Open(bytes, path, _corpusOptions), bytes.Length, static () => false, cancellation);
            }
        }

        if (_bytes == 0)
        {
            Add(Corpus.Open([corpus.PathOf(0)!], _corpusOptions), Beginning, IsLate, cancellation); // records longer than a piece
        }
    }

    private static (int File, long Offset) Place(Corpus corpus, long position)
    {
        int file = 0;
        while (file < corpus.Files.Count - 1 && position >= corpus.Files[file].Bytes)
        {
            position -= corpus.Files[file++].Bytes;
        }

        return (file, position);
    }

    // Reads a corpus until so many bytes are read of it, or it is late.
    private void Add(Corpus corpus, long bytes, Func<bool> isLate, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        double packing = 0;
        foreach (TextUnit[] batch in UnitBatches.Of(corpus.ReadUnits(cancellation)))
        {
            IReadOnlyList<TokenisedText>[] texts = _tokenizer.Encode(batch, _options.Threads, cancellation);
            long counting = Stopwatch.GetTimestamp();
            Count([.. texts.SelectMany(windows => windows)]);
            packing += Stopwatch.GetElapsedTime(counting).TotalSeconds;
            if ((corpus.BytesRead >= bytes && bytes < corpus.TotalBytes) || isLate())
            {
                break;
            }
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds - packing;
        // The first piece compiles and warms up: its time counts only until there is another.
        (_seconds, _timedBytes) = _pieces++ == 1 ? (seconds, corpus.BytesRead) : (_seconds + seconds, _timedBytes + corpus.BytesRead);
        _bytes += corpus.BytesRead;
    }

    private void Count(IReadOnlyList<TokenisedText> texts)
    {
        if (texts.Count == 0)
        {
            return;
        }

        var starts = new int[texts.Count + 1];
        for (int i = 0; i < texts.Count; i++)
        {
            TokenisedText text = texts[i];
            starts[i + 1] = starts[i] + text.Ids.Length;
            _longest = Math.Max(_longest, text.Ids.Length);
            _block.Add(text.ToStudyUnit((int)((_units + i) % int.MaxValue)));
            if (_block.IsFull)
            {
                Pack();
            }
        }

        _operations += OperationCount.Of(_spec, _layers, new TokenBatch(new int[starts[^1]], starts));
        _units += texts.Count;
        _tokens += starts[^1];
    }

    private void Pack()
    {
        PackedUnits packed = _block.Pack();
        _packedBytes += packed.Zlib.Length;
        _packedTokens += packed.Tokens;
        _block.Clear();
    }

    private CorpusEstimate Estimate(long bytes, bool counted)
    {
        if (_packedTokens == 0)
        {
            Pack();
        }

        double scale = counted ? 1 : (double)bytes / _bytes;
        double units = _units * scale;
        double kept = Math.Min(Math.Min(units, _options.Limit ?? units), _options.Sample ?? units) / units;
        return new CorpusEstimate
        {
            Bytes = bytes,
            SampledBytes = _bytes,
            IsCounted = counted,
            Units = units * kept,
            Tokens = _tokens * scale * kept,
            Longest = _longest,
            Operations = _operations * scale * kept,
            PackedBytes = (double)_packedBytes / _packedTokens * _tokens * scale * kept,
            ReadSeconds = _seconds / _timedBytes * (counted ? _bytes : bytes),
        };
    }
}
