using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;

namespace Keyhole.Prompts;

/// <summary>Runs prompts through the model and reads at their last token where the answer, and what stands beside it, ranks in r of every layer and in the output.</summary>
/// <remarks>Results do not depend on threads or blocks. One trace at a time on an instance.</remarks>
public sealed class PromptTracer
{
    private const int TypicalProbes = 12;

    private readonly Model _model;
    private readonly Tokenizer _tokenizer;
    private readonly BosPolicy _bos;
    private readonly ForwardPass _pass;
    private readonly VocabularyReader _reader;

    /// <summary>Prepares a tracer on parts that others may use too, and that must outlive it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="bos">Whether a prompt begins with BOS; as the study's texts do.</param>
    /// <param name="pass">A forward pass of the model.</param>
    /// <param name="reader">A reader of the model's vocabulary.</param>
    public PromptTracer(Model model, Tokenizer tokenizer, BosPolicy bos, ForwardPass pass, VocabularyReader reader)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(reader);
        (_model, _tokenizer, _bos, _pass, _reader) = (model, tokenizer, bos, pass, reader);
    }

    /// <summary>Most prompts of a block; null lets the memory decide. Changes no result.</summary>
    internal int? BlockPrompts { get; init; }

    /// <summary>Reads every prompt.</summary>
    /// <param name="prompts">The prompts.</param>
    /// <param name="seed">Seed of the pairing with other prompts' answers.</param>
    /// <param name="progress">Told the share of the prompts that is done, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>Their traces in the same order.</returns>
    /// <exception cref="InputRefusedException">KH5305: a prompt or answer has no token; KH3007, KH3008: one does not fit the model; KH5304: NaN or infinity.</exception>
    public IReadOnlyList<PromptTrace> Trace(IReadOnlyList<PromptEntry> prompts, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0)
        {
            return [];
        }

        ModelSpec spec = _model.Spec;
        PromptTokens[] tokens = [.. prompts.Select(prompt => PromptTokens.Of(prompt, _tokenizer, _bos))];
        int[] shuffled = PromptTokens.ShuffledAnswers(prompts, tokens, seed);
        long bytes = (spec.LayerCount + 1) * ((sizeof(float) * (long)spec.Width) + StateScan.BytesPerRow(spec, TypicalProbes));
        int capacity = Math.Min(prompts.Count, BlockPrompts ?? TextBlocks.Capacity(bytes));
        var traces = new List<PromptTrace>(prompts.Count);
        using var states = new LastStates(spec, capacity, coefficients: null);
        using var scan = new StateScan(_reader, capacity * (spec.LayerCount + 1));
        foreach ((int first, int count) in TextBlocks.Divide([.. tokens.Select(prompt => prompt.Ids.Length)], capacity, spec.Width))
        {
            TokenBatch batch = TextBlocks.Pack(tokens.Skip(first).Take(count).Select(prompt => prompt.Ids));
            states.Begin(batch);
            Run(batch, states, prompts, first, cancellation);
            traces.AddRange(Read([.. prompts.Skip(first).Take(count)], tokens.AsSpan(first, count), shuffled.AsSpan(first, count), states, scan, cancellation));
            progress?.Report((double)traces.Count / prompts.Count);
        }

        return traces;
    }

    private void Run(TokenBatch batch, LastStates states, IReadOnlyList<PromptEntry> prompts, int first, CancellationToken cancellation)
    {
        try
        {
            _pass.Run(batch, states, cancellation);
        }
        catch (NotFiniteException failure)
        {
            throw new InputRefusedException("KH5304", string.Create(CultureInfo.InvariantCulture, $"{_model.Path}: layer {failure.Layer} gives NaN or infinity on the prompt '{prompts[first + failure.Text].Prompt}'. The weights hold such values, or overflow on this text; nothing is made of them."), failure);
        }
    }

    private List<PromptTrace> Read(PromptEntry[] prompts, ReadOnlySpan<PromptTokens> tokens, ReadOnlySpan<int> shuffled, LastStates states, StateScan scan, CancellationToken cancellation)
    {
        int layers = _model.Spec.LayerCount;
        int n = prompts.Length;
        var starts = new List<int> { 0 };
        var probes = new List<int>();
        for (int row = 0; row < (layers + 1) * n; row++)
        {
            probes.AddRange(PromptProbes.Of(tokens[row % n], shuffled[row % n]));
            starts.Add(probes.Count);
        }

        ScanResult all = scan.Model(states.States, new ScanOptions { Top = 1, LogSumExp = true, Entropy = true, Probes = new ScanProbes([.. starts], [.. probes]) }, cancellation);
        var traces = new List<PromptTrace>(n);
        for (int i = 0; i < n; i++)
        {
            var readings = ImmutableArray.CreateBuilder<PromptReading>(layers + 1);
            for (int layer = 0; layer <= layers; layer++)
            {
                int row = (layer * n) + i;
                readings.Add(PromptProbes.Read(all, row, starts[row], tokens[i], shuffled[i]));
            }

            traces.Add(new PromptTrace
            {
                Set = prompts[i].Set,
                Prompt = prompts[i].Prompt,
                Answer = prompts[i].Answer,
                Subject = prompts[i].Subject,
                AnswerToken = tokens[i].Answer,
                AnswerIsCut = tokens[i].AnswerIsCut,
                Final = all.TopTokens[(layers * n) + i],
                Layers = readings.MoveToImmutable(),
            });
        }

        return traces;
    }
}
