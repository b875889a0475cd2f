using System.Globalization;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;

namespace Keyhole.Perplexity;

/// <summary>Measures how well a model predicts texts, window by window.</summary>
/// <remarks>
/// A text is one stream of tokens. A window of it goes through the model; tokens that an earlier window held are context only. The method of Hugging Face's
/// guide "Perplexity of fixed-length models" and of fairseq's context window, with BOS before every window. No result depends on threads or chunks.
/// </remarks>
public sealed class PerplexityMeter : IDisposable
{
    /// <summary>The window is no longer than this unless it is asked for.</summary>
    public const int MostDefaultWindow = 2048;

    private const long KeptWeightBytes = 1L << 30;
    private const int ChunkWithLayersKept = 4096;
    private const int ChunkWithLayersLoaded = 16384;   // weights are unpacked anew for each chunk

    private readonly PerplexityOptions _options;
    private readonly Model _model;
    private readonly Tokenizer _tokenizer;
    private readonly int[] _start;
    private readonly int _window;
    private readonly int _body;
    private readonly int _stride;
    private readonly bool _keepLayers;

    /// <summary>Opens the model and its tokenizer.</summary>
    /// <param name="options">What to score, and how.</param>
    /// <exception cref="InputRefusedException">The model cannot be used; KH5004: it has no BOS; KH5801: the window does not fit it; KH5802: the stride does not fit the window.</exception>
    public PerplexityMeter(PerplexityOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ChunkTokens ?? 1);
        _options = options;
        _model = Model.Open(options.Model);
        try
        {
            _tokenizer = TokenizerLoader.Load(options.Model);
            _start = StartOf(_tokenizer, options.Bos);
            int context = _model.Spec.ContextLength;
            _window = options.Window ?? Math.Min(context, MostDefaultWindow);
            _body = _window - _start.Length;
            if (_window > context || _window < 2 || _body < 1)
            {
                throw new InputRefusedException("KH5801", string.Create(CultureInfo.InvariantCulture, $"a window of {_window} tokens, BOS included: this model takes windows of {Math.Max(2, _start.Length + 1)} to {context}. Give --window one of these."));
            }

            if (options.Stride is < 1 || options.Stride > _window)
            {
                throw new InputRefusedException("KH5802", string.Create(CultureInfo.InvariantCulture, $"a stride of {options.Stride} tokens: it must be from 1 to the window of {_window}, or tokens would be left out. Give --stride one of these."));
            }

            _stride = Math.Min(options.Stride ?? _body, _body);
            _keepLayers = ForwardPass.PackedBytes(_model.Spec) <= KeptWeightBytes;
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>The vocabulary's strings of the ids that stand before every window; empty where none do.</summary>
    public IReadOnlyList<string> StartPieces => [.. _start.Select(_tokenizer.Piece)];

    /// <summary>Scores all texts.</summary>
    /// <param name="progress">Told how far the run is, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="InputRefusedException">The texts cannot be read; KH5803: no token of them can be scored.</exception>
    /// <exception cref="NotFiniteException">The forward pass gave NaN or infinity.</exception>
    public PerplexityResult Run(IProgress<PerplexityProgress>? progress = null, CancellationToken cancellation = default)
    {
        Corpus corpus = Corpus.Open(_options.Corpus, new CorpusOptions { Unit = _options.Unit, TextField = _options.TextField });
        using var pass = new ForwardPass(_model, new ForwardOptions { Threads = _options.Threads, KeepLayers = _keepLayers });
        var tally = new PerplexityTally(corpus, progress);
        var batch = new WindowBatch(_start);
        int chunk = _options.ChunkTokens ?? (_keepLayers ? ChunkWithLayersKept : ChunkWithLayersLoaded);
        foreach (TextUnit[] units in UnitBatches.Of(corpus.ReadUnits(cancellation)))
        {
            var encodings = new Encoding[units.Length];
            Parallel.For(0, units.Length, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellation },
                i => encodings[i] = _tokenizer.Encode(units[i].Text, addSpecialTokens: false));
            for (int i = 0; i < units.Length; i++)
            {
                int[] ids = encodings[i].Ids;
                int text = tally.Begin(units[i], encodings[i], _start.Length == 0 ? [.. Windows(ids.Length).Where(window => window.Start == window.FirstNew).Select(window => window.Start)] : []);
                foreach (ScoringWindow window in Windows(ids.Length))
                {
                    if (batch.Rows > 0 && batch.Rows + _start.Length + window.End - window.Start > chunk)
                    {
                        batch.Run(pass, _model.Spec.LayerCount, tally.Score, cancellation);
                        tally.Report();
                    }

                    batch.Add(text, ids, window);
                    tally.Rows += _start.Length + window.End - window.Start;
                }
            }
        }

        batch.Run(pass, _model.Spec.LayerCount, tally.Score, cancellation);
        return tally.Tokens > 0
            ? tally.Result(_window, _stride, _start)
            : throw new InputRefusedException("KH5803", $"{string.Join(", ", _options.Corpus)}: no text has two tokens or more, BOS counted, so there is no token to predict. Check the path, --unit and --text-field.");
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private IEnumerable<ScoringWindow> Windows(int length) => ScoringWindow.Of(length, _body, _stride);

    // What stands before a text: with Auto the special tokens that the tokenizer itself puts there. Those at the end are no part of the text.
    private static int[] StartOf(Tokenizer tokenizer, BosPolicy bos)
    {
        BosEncoding.Require(tokenizer, bos);
        return bos switch
        {
            BosPolicy.Always => [tokenizer.BosId!.Value],
            BosPolicy.Never => [],
            _ => [.. tokenizer.Encode("a").Ids.TakeWhile(tokenizer.IsSpecial)],
        };
    }
}
