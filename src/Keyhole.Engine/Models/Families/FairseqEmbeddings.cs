using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>The two ends of a fairseq language model: token embedding and output, each adaptive or plain, tied or not.</summary>
/// <remarks>
/// fairseq 8e48f45a: modules/adaptive_input.py, adaptive_softmax.py, models/transformer.py. Tied tensors stand in a checkpoint under the names of both ends; each end is read under its own.
/// </remarks>
internal sealed class FairseqEmbeddings
{
    private readonly ModelConfig _config;
    private readonly Checkpoint _checkpoint;
    private readonly string _root;
    private readonly int _width;

    /// <param name="config">The arguments.</param>
    /// <param name="checkpoint">The weights: the size of the vocabulary is no argument.</param>
    /// <param name="root">What stands before all names.</param>
    /// <param name="width">D.</param>
    public FairseqEmbeddings(ModelConfig config, Checkpoint checkpoint, string root, int width)
    {
        (_config, _checkpoint, _root, _width) = (config, checkpoint, root, width);
        bool adaptive = config.GetBool("adaptive_input", false);
        Input = adaptive ? AdaptiveInput() : PlainInput();
        Output = config.Has("adaptive_softmax_cutoff") ? AdaptiveOutput(adaptive) : PlainOutput(adaptive);
    }

    /// <summary>V.</summary>
    public int VocabularySize { get; private set; }

    /// <summary>Token embedding, without positions and scale.</summary>
    public EmbeddingSpec Input { get; }

    /// <summary>The head, without its norm.</summary>
    public HeadSpec Output { get; }

    private int InputWidth => _config.Size("decoder_input_dim", _width);

    private int OutputWidth => _config.Size("decoder_output_dim", _width);

    private EmbeddingSpec PlainInput()
    {
        string name = _root + "embed_tokens.weight";
        VocabularySize = Rows(name);
        return new EmbeddingSpec(name, InputWidth)
        {
            ProjectIn = InputWidth == _width ? null : DecoderConfig.Linear(_root + "project_in_dim", _width, InputWidth),
        };
    }

    private EmbeddingSpec AdaptiveInput()
    {
        int[] cutoffs = Cutoffs("adaptive_input_cutoff");
        string Name(int band, int part) => string.Create(CultureInfo.InvariantCulture, $"{_root}embed_tokens.embeddings.{band}.{part}.weight");
        string last = Name(cutoffs.Length, 0);
        long size = cutoffs[^1] + (_checkpoint.Tensors.ContainsKey(last) ? (long)Rows(last) : 0);
        VocabularySize = size <= int.MaxValue ? (int)size : throw _config.Refuse("adaptive_input_cutoff", "cutoffs of a vocabulary that can be counted");
        int[] ends = Ends(cutoffs, "adaptive_input_cutoff");
        var bands = ImmutableArray.CreateBuilder<EmbeddingBand>();
        for (int band = 0; band < ends.Length; band++)
        {
            int first = band == 0 ? 0 : ends[band - 1];
            bands.Add(new EmbeddingBand(first, Name(band, 0), new LinearSpec(Name(band, 1), null, _width, BandWidth(InputWidth, "adaptive_input_factor", band)))
            {
                TokenCount = ends[band] - first,
            });
        }

        return new EmbeddingSpec(Name(0, 0), InputWidth) { Bands = bands.ToImmutable() };
    }

    private HeadSpec PlainOutput(bool adaptiveInput)
    {
        bool shared = _config.GetBool("share_decoder_input_output_embed", false);
        if (shared && adaptiveInput)
        {
            throw _config.Refuse("share_decoder_input_output_embed", "false where the input is adaptive, as there is no one embedding to share");
        }

        string later = _root + "output_projection.weight";   // since June 2020, shared or not
        return new HeadSpec(_checkpoint.Tensors.ContainsKey(later) ? later : shared ? _root + "embed_tokens.weight" : _root + "embed_out")
        {
            ProjectOut = Projection(tied: false),
        };
    }

    private HeadSpec AdaptiveOutput(bool adaptiveInput)
    {
        string name = _root + "adaptive_softmax.";
        bool tied = _config.GetBool("tie_adaptive_weights", false);
        bool tiedProjections = tied && TiesProjections();
        if (tied && (!adaptiveInput || InputWidth != _width || OutputWidth != _width))
        {
            throw _config.Refuse("tie_adaptive_weights", "false, or the input is adaptive and decoder_input_dim, decoder_output_dim and decoder_embed_dim are the same");
        }

        int[] ends = Ends(Cutoffs("adaptive_softmax_cutoff"), "adaptive_softmax_cutoff");
        int words = ends[0];
        int tails = ends.Length - 1;
        if (tails == 0)
        {
            throw _config.Refuse("adaptive_softmax_cutoff", string.Create(CultureInfo.InvariantCulture, $"cutoffs below the vocabulary's size, {VocabularySize}"));
        }

        LinearSpec head = new(name + "head.weight", null, words + tails, OutputWidth);   // words, then classes; the tied one has two tensors
        string wordsName = tied ? name + "head.word_proj.weight" : head.Weight;
        return new HeadSpec(wordsName)
        {
            ProjectOut = Projection(tied),
            Adaptive = new AdaptiveSoftmaxSpec(
                tied ? new LinearSpec(wordsName, null, words, _width) : DecoderConfig.Rows(head, 0, words),
                tied ? new LinearSpec(name + "head.class_proj.weight", null, tails, _width) : DecoderConfig.Rows(head, words, tails),
                [.. Enumerable.Range(0, tails).Select(tail => Tail(name, tail, ends[tail + 1] - ends[tail], tiedProjections))]),
        };
    }

    // A tied projection is the input's, [D, width], used the other way round; by the arguments, as the tensor can be square.
    private AdaptiveTailSpec Tail(string name, int tail, int words, bool tied)
    {
        int width = BandWidth(OutputWidth, "adaptive_softmax_factor", tail + 1);
        string prefix = string.Create(CultureInfo.InvariantCulture, $"{name}tail.{tail}.");
        return new AdaptiveTailSpec(
            new LinearSpec(prefix + "0.weight", null, width, OutputWidth) { Transposed = tied },
            new LinearSpec(prefix + "2.weight", null, words, width));
    }

    private LinearSpec? Projection(bool tied)
        => OutputWidth == _width || tied ? null : DecoderConfig.Linear(_root + "project_out_dim", OutputWidth, _width);

    // Old models have no_tie_adaptive_proj instead.
    private bool TiesProjections() => (_config.Has("no_tie_adaptive_proj") && !_config.GetBool("no_tie_adaptive_proj")) || _config.GetBool("tie_adaptive_proj", false);

    private int Rows(string name)
    {
        TensorInfo tensor = _checkpoint.Require(name);
        return tensor.Shape is [> 0 and <= int.MaxValue, ..] shape ? (int)shape[0]
            : throw new InputRefusedException("KH3006", $"{_checkpoint.Path}: {name} is [{string.Join(", ", tensor.Shape)}], expected one row for each token.");
    }

    // "20000,60000": rising, above 0; also as a list.
    private int[] Cutoffs(string key)
    {
        InputRefusedException Refused() => _config.Refuse(key, "rising whole numbers above 0, such as '20000,60000'");
        int[] cutoffs = _config.Get(key) is { ValueKind: System.Text.Json.JsonValueKind.Array }
            ? _config.GetInt32s(key)
            : [.. _config.GetString(key).Trim('[', ']', '(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int cutoff) ? cutoff : throw Refused())];
        return cutoffs.Length > 0 && cutoffs[0] > 0 && cutoffs.Zip(cutoffs.Skip(1)).All(pair => pair.First < pair.Second) ? cutoffs : throw Refused();
    }

    // The cutoffs, and the vocabulary's end where they stop before it.
    private int[] Ends(int[] cutoffs, string key) => cutoffs[^1] == VocabularySize ? cutoffs
        : cutoffs[^1] < VocabularySize ? [.. cutoffs, VocabularySize]
        : throw _config.Refuse(key, string.Create(CultureInfo.InvariantCulture, $"cutoffs up to the vocabulary's size, {VocabularySize}"));

    // int(width // factor ** band)
    private int BandWidth(int width, string factorKey, int band)
    {
        double size = Math.Floor(width / Math.Pow(_config.GetDouble(factorKey, 4), band));
        return size >= 1 && size <= width ? (int)size : throw _config.Refuse(factorKey, string.Create(CultureInfo.InvariantCulture, $"a factor that leaves band {band} of {width} a width"));
    }
}
