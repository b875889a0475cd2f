using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Interventions;

namespace Keyhole.Debugging;

/// <summary>Goes on with a text token by token, without and with interventions side by side. Each step runs the whole text again: there is no cache of keys and values.</summary>
/// <remarks>One generation at a time on an instance. Results do not depend on threads.</remarks>
public sealed class PromptGenerator
{
    private readonly Model _model;
    private readonly ForwardPass _pass;
    private readonly VocabularyReader _reader;

    /// <summary>Prepares a generator on parts that others may use too, and that must outlive it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pass">A forward pass of the model.</param>
    /// <param name="reader">A reader of its vocabulary.</param>
    public PromptGenerator(Model model, ForwardPass pass, VocabularyReader reader)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(reader);
        (_model, _pass, _reader) = (model, pass, reader);
    }

    /// <summary>Generates until all texts have ended or the number of tokens is reached.</summary>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellation">Stops within a step.</param>
    /// <returns>The steps, each as soon as it is made.</returns>
    /// <exception cref="InputRefusedException">KH3007, KH3008: the text does not fit the model; KH5304, KH7105: NaN or infinity, without and with interventions; KH7104: an intervention names a position that is not in the text.</exception>
    public IEnumerable<GeneratedStep> Run(GenerationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentOutOfRangeException.ThrowIfNegative(request.Temperature, nameof(request));
        foreach (ResolvedIntervention intervention in request.Interventions)
        {
            intervention.RequireFits(request.Ids.Length);
        }

        return Steps(request, cancellation);
    }

    private IEnumerable<GeneratedStep> Steps(GenerationRequest request, CancellationToken cancellation)
    {
        List<int>[] texts = [.. Enumerable.Range(0, request.Interventions.Count == 0 ? 1 : 2).Select(_ => new List<int>(request.Ids.ToArray()))];
        int[] running = [.. Enumerable.Range(0, texts.Length)];
        for (int step = 0; step < request.Tokens && running.Length > 0; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            var made = new GeneratedToken?[2];
            foreach ((int text, GeneratedToken token) in running.Zip(Next(request, texts, running, step, cancellation)))
            {
                made[text] = token;
                texts[text].Add(token.Token);
            }

            running = [.. running.Where(text => !made[text]!.Value.Ends)];
            yield return new GeneratedStep(step, made[0], made[1]);
        }
    }

    private GeneratedToken[] Next(GenerationRequest request, List<int>[] texts, int[] running, int step, CancellationToken cancellation)
    {
        TokenBatch batch = TextBlocks.Pack(running.Select(text => texts[text].ToArray()));
        using var states = new LastStates(_model.Spec, running.Length, coefficients: null);
        using var scan = new StateScan(_reader, running.Length);
        states.Begin(batch);
        RunPass(request, batch, running, states, cancellation);
        var options = new ScanOptions { Top = 1, LogSumExp = true, WholeRows = request.Temperature > 0 ? [.. Enumerable.Range(0, running.Length)] : [] };
        ScanResult read = scan.Model(states.States.RowRange(_model.Spec.LayerCount * running.Length, running.Length), options, cancellation);
        return [.. running.Select((text, row) =>
        {
            int token = request.Temperature > 0 ? Draw(read.WholeLogits[row], request.Temperature, Uniform(request.Seed, step)) : read.TopTokens[row];
            float logit = request.Temperature > 0 ? read.WholeLogits[row][token] : read.TopLogits[row];
            return new GeneratedToken(token, Math.Exp(logit - read.LogSumExp[row]), token == request.EndToken || texts[text].Count + 1 >= _model.Spec.ContextLength);
        })];
    }

    private void RunPass(GenerationRequest request, TokenBatch batch, int[] running, LastStates states, CancellationToken cancellation)
    {
        int changed = Array.IndexOf(running, 1);
        CoefficientChanges? changes = changed < 0 ? null
            : new CoefficientChanges(_model.Spec, request.Interventions.SelectMany(intervention => intervention.Changes(batch.Start(changed), request.Ids.Length, batch.Length(changed))));
        try
        {
            _pass.Run(batch, states, changes, cancellation);
        }
        catch (NotFiniteException failure)
        {
            throw PromptRuns.Refused(failure, _model, failure.Text == changed);
        }
    }

    // The first token, in order of ids, at which the sum of exp(logit / temperature) reaches a share of the whole.
    private static int Draw(float[] logits, double temperature, double share)
    {
        double largest = logits.Max();
        double[] weights = [.. logits.Select(logit => Math.Exp((logit - largest) / temperature))];
        double left = share * weights.Sum();
        int token = Array.FindIndex(weights, weight => (left -= weight) < 0);
        return token >= 0 ? token : Array.FindLastIndex(weights, weight => weight > 0);
    }

    private static double Uniform(ulong seed, int step) => (CounterHash.Hash(seed, (ulong)step) >> 11) * (1.0 / (1UL << 53));
}
