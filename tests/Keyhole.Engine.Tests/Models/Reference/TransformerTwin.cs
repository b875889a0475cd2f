using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Twins = Keyhole.Engine.Tests.Numerics.Reference;

namespace Keyhole.Engine.Tests.Models.Reference;

/// <summary>Double-precision twin of the forward pass over one text: plain loops in the order of the formulas, never optimised.</summary>
/// <param name="spec">The model.</param>
/// <param name="checkpoint">Its weights.</param>
/// <param name="changes">Changes of coefficients, made one after the other; rows are those of the text.</param>
internal sealed class TransformerTwin(ModelSpec spec, Checkpoint checkpoint, IReadOnlyList<CoefficientChange>? changes = null)
{
    private readonly Dictionary<(Site Site, int Layer), double[][]> _sites = [];
    private readonly Dictionary<string, double[]> _weights = [];

    /// <summary>Every site of the text, rows [T] of width D, F or V.</summary>
    public IReadOnlyDictionary<(Site Site, int Layer), double[][]> Run(int[] ids)
    {
        double[][] residual = [.. ids.Select(Embed)];
        for (int layer = 0; layer < spec.LayerCount; layer++)
        {
            Block(spec.Blocks[layer], layer, residual);
        }

        double[][] last = spec.Head.Norm is { } norm ? Each(residual, row => Norm(norm, row)) : residual;
        if (spec.Head.ProjectOut is { } projection)
        {
            last = Each(last, row => Linear(projection, row));
        }

        _sites[(Site.Logits, spec.LayerCount)] = Each(last, row => spec.Head.Adaptive is { } adaptive ? LogProbabilities(adaptive, row) : Logits(row));
        return _sites;
    }

    private double[] Logits(double[] state)
    {
        double[] logits = Linear(new LinearSpec(spec.Head.Output, spec.Head.Bias, spec.VocabularySize, state.Length), state);
        return spec.Head.SoftCap is { } cap ? [.. logits.Select(z => cap * Math.Tanh(z / cap))] : logits;
    }

    private double[] LogProbabilities(AdaptiveSoftmaxSpec adaptive, double[] state)
    {
        double[] head = LogSoftmax([.. Linear(adaptive.Words, state), .. Linear(adaptive.Classes, state)]);
        IEnumerable<double> words = head.Take(adaptive.Words.Outputs);
        for (int tail = 0; tail < adaptive.Tails.Length; tail++)
        {
            double classLog = head[adaptive.Words.Outputs + tail];
            words = words.Concat(LogSoftmax(Linear(adaptive.Tails[tail].Words, Linear(adaptive.Tails[tail].Projection, state))).Select(log => log + classLog));
        }

        return [.. words];
    }

    private static double[] LogSoftmax(double[] z)
    {
        double most = z.Max();
        double log = most + Math.Log(z.Sum(value => Math.Exp(value - most)));
        return [.. z.Select(value => value - log)];
    }

    private double[] Embed(int id, int position)
    {
        EmbeddingSpec embedding = spec.Embedding;
        double[] row;
        if (embedding.Bands.IsEmpty)
        {
            row = Read(embedding.Tokens).AsSpan(id * embedding.TokenWidth, embedding.TokenWidth).ToArray();
            row = embedding.ProjectIn is { } projection ? Linear(projection, row) : row;
        }
        else
        {
            EmbeddingBand band = embedding.Bands.Last(band => band.FirstToken <= id);
            int width = band.Projection.Inputs;
            row = Linear(band.Projection, Read(band.Tokens).AsSpan((id - band.FirstToken) * width, width).ToArray());
        }

        int at = position + embedding.PositionOffset;
        for (int i = 0; i < row.Length; i++)
        {
            row[i] *= embedding.Scale;
            row[i] += embedding.Positions is { } positions ? Read(positions)[(at * spec.Width) + i] : 0;
            if (embedding.SinusoidalPositions)
            {
                int half = row.Length / 2;
                double angle = at * Math.Pow(10000, -(double)(i % half) / (half - 1));
                row[i] += i < half ? Math.Sin(angle) : Math.Cos(angle);
            }
        }

        return embedding.Norm is { } norm ? Norm(norm, row) : row;
    }

    private void Block(BlockSpec block, int layer, double[][] residual)
    {
        Keep(Site.ResidPre, layer, residual);
        double[][] before = Each(residual, row => (double[])row.Clone());
        double[][] normed = Normed(block.AttentionNorm, residual);
        double[][] attended = Normed(block.AttentionOutputNorm, Attention(block.Attention, normed));
        Keep(Site.AttnOut, layer, attended);
        Add(block.AddsToNormed ? normed : residual, attended, block.AttentionSumNorm, residual);
        Keep(Site.ResidMid, layer, residual);

        double[][] input = Normed(block.FeedForwardNorm, block.IsParallel ? before : residual);
        Keep(Site.MlpIn, layer, input);
        double[][] update = Normed(block.FeedForwardOutputNorm, FeedForward(block.FeedForward, layer, input));
        Keep(Site.MlpOut, layer, update);
        Add(block.AddsToNormed ? input : residual, update, block.FeedForwardSumNorm, residual);
        Keep(Site.ResidPost, layer, residual);
    }

    private double[][] Normed(NormSpec? norm, double[][] rows) => norm is null ? rows : Each(rows, row => Norm(norm, row));

    // Coefficients of all experts side by side, 0 where an expert was not chosen.
    private double[][] FeedForward(FeedForwardSpec memories, int layer, double[][] input)
    {
        double[][] chosen = memories.Router is null ? Each(input, _ => new[] { 1.0 }) : Each(input, row => Choose(memories.Router, row));
        if (memories.Router is not null)
        {
            Keep(Site.ExpertWeights, layer, chosen);
        }

        double[][] Side(Func<ExpertSpec, double[], double[]> map)
            => [.. input.Select((row, t) => memories.Experts.SelectMany((expert, e) => chosen[t][e] == 0 ? new double[memories.ExpertSize] : map(expert, row)).ToArray())];
        double[][] pre = Side((expert, row) => Linear(expert.Gate ?? expert.In, row));
        double[][] post = Each(pre, row => Each(row, value => Twins.Activations.Apply(memories.Activation, value)));
        Keep(Site.MlpPre, layer, pre);
        if (memories.IsGated)
        {
            double[][] linear = Side((expert, row) => Linear(expert.In, row));
            Keep(Site.MlpPreLinear, layer, linear);
            post = [.. post.Select((row, t) => row.Select((value, i) => value * linear[t][i]).ToArray())];
        }

        foreach (CoefficientChange change in (changes ?? []).Where(change => change.Layer == layer && chosen[change.Row][change.Memory / memories.ExpertSize] != 0))
        {
            double m = post[change.Row][change.Memory];
            post[change.Row][change.Memory] = change.Operation switch
            {
                CoefficientOperation.Set => change.Value,
                CoefficientOperation.Scale => m * change.Value,
                _ => m + change.Value,
            };
        }

        Keep(Site.MlpPost, layer, post);
        return [.. post.Select((row, t) =>
        {
            double[] sum = new double[spec.Width];
            for (int e = 0; e < memories.Experts.Length; e++)
            {
                if (chosen[t][e] != 0)
                {
                    double[] update = Linear(memories.Experts[e].Out, row.AsSpan(e * memories.ExpertSize, memories.ExpertSize).ToArray());
                    sum = [.. sum.Zip(update, (a, b) => a + (chosen[t][e] * b))];
                }
            }

            return sum;
        })];
    }

    private double[] Choose(RouterSpec router, double[] row)
    {
        double[] weights = [.. LogSoftmax(Linear(router.Map, row)).Select(Math.Exp)];
        int[] best = [.. Enumerable.Range(0, weights.Length).OrderByDescending(e => weights[e]).Take(router.Chosen)];
        double sum = router.Renormalizes ? best.Sum(e => weights[e]) : 1;
        return [.. weights.Select((weight, e) => best.Contains(e) ? weight / sum : 0)];
    }

    private double[][] Attention(AttentionSpec attention, double[][] input)
    {
        int size = attention.HeadSize;
        double[][] query = Each(input, row => Linear(attention.Query, row));
        double[][] key = Each(input, row => Linear(attention.Key, row));
        double[][] value = Each(input, row => Linear(attention.Value, row));
        query = GroupNormed(attention.QueryNorm, query);
        key = GroupNormed(attention.KeyNorm, key);
        if (attention.Clip is { } limit)
        {
            query = Each(query, row => Each(row, number => Math.Clamp(number, -limit, limit)));
            key = Each(key, row => Each(row, number => Math.Clamp(number, -limit, limit)));
            value = Each(value, row => Each(row, number => Math.Clamp(number, -limit, limit)));
        }

        if (attention.Rotary is { } rotary)
        {
            Rotate(rotary, size, query);
            Rotate(rotary, size, key);
        }

        AttentionScoring scoring = attention.Scoring;
        double[][] mixed = Each(input, _ => new double[attention.Heads * size]);
        for (int t = 0; t < input.Length; t++)
        {
            for (int head = 0; head < attention.Heads; head++)
            {
                int shared = head / (attention.Heads / attention.KeyValueHeads);
                double[] scores = new double[t + 1];
                for (int j = 0; j <= t; j++)
                {
                    for (int i = 0; i < size; i++)
                    {
                        scores[j] += query[t][(head * size) + i] * key[j][(shared * size) + i] * scoring.Scale;
                    }

                    scores[j] = scoring.SoftCap is { } cap ? cap * Math.Tanh(scores[j] / cap) : scores[j];
                    scores[j] += scoring.Alibi is { } alibi ? Twins.CausalAttention.Bias(alibi, head, j) : 0;
                    scores[j] = scoring.Window is { } window && t - j >= window ? double.NegativeInfinity : scores[j];
                }

                double most = scores.Max();
                double sum = scores.Sum(score => Math.Exp(score - most));
                for (int j = 0; j <= t; j++)
                {
                    for (int i = 0; i < size; i++)
                    {
                        mixed[t][(head * size) + i] += Math.Exp(scores[j] - most) / sum * value[j][(shared * size) + i];
                    }
                }
            }
        }

        return Each(mixed, row => Linear(attention.Output, row));
    }

    private double[][] GroupNormed(GroupNormSpec? norm, double[][] rows)
    {
        if (norm is null)
        {
            return rows;
        }

        return Each(rows, row => row.Chunk(norm.GroupSize).SelectMany((group, g) =>
        {
            double[] gains = norm.GroupWeights.IsEmpty ? Read(norm.Weight!) : Read(norm.GroupWeights[g]);
            gains = norm.Groups > 0 ? gains.AsSpan(g * norm.GroupSize, norm.GroupSize).ToArray() : gains;
            return Norm(norm.Kind, group, norm.Epsilon, Each(gains, gain => gain + norm.GainOffset), norm.Bias is null ? null : Read(norm.Bias));
        }).ToArray());
    }

    // Pairs (i, i + half) of each head, or (2i, 2i + 1), turn by position * frequency.
    private static void Rotate(RotarySettings settings, int headSize, double[][] rows)
    {
        int half = settings.RotaryDim / 2;
        (float[] frequencies, float factor) = RotaryFrequencies.Compute(settings, rows.Length);
        for (int position = 0; position < rows.Length; position++)
        {
            for (int head = 0; head < rows[position].Length; head += headSize)
            {
                for (int i = 0; i < half; i++)
                {
                    (double sin, double cos) = Math.SinCos(position * frequencies[i]);
                    int first = head + (settings.Interleaved ? 2 * i : i);
                    int second = settings.Interleaved ? first + 1 : first + half;
                    (double a, double b) = (rows[position][first], rows[position][second]);
                    rows[position][first] = factor * ((a * cos) - (b * sin));
                    rows[position][second] = factor * ((b * cos) + (a * sin));
                }
            }
        }
    }

    private double[] Norm(NormSpec norm, double[] x)
        => Norm(norm.Kind, x, norm.Epsilon, norm.Weight is null ? null : Each(Read(norm.Weight), gain => gain + norm.GainOffset), norm.Bias is null ? null : Read(norm.Bias));

    private static double[] Norm(NormKind kind, double[] x, double epsilon, double[]? weight, double[]? bias)
    {
        double mean = kind == NormKind.LayerNorm ? x.Average() : 0;
        double scale = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + epsilon);
        return [.. x.Select((value, i) => ((value - mean) / scale * (weight?[i] ?? 1)) + (bias?[i] ?? 0))];
    }

    private double[] Linear(LinearSpec map, double[] x)
    {
        double[] weight = Read(map.Weight);
        double[]? bias = map.Bias is null ? null : Read(map.Bias);
        double[] y = new double[map.Outputs];
        for (int row = 0; row < y.Length; row++)
        {
            int stored = map.StoredRow?.Invoke(row) ?? row;
            y[row] = bias?[stored] ?? 0;
            for (int i = 0; i < x.Length; i++)
            {
                y[row] += weight[map.Transposed ? (i * map.StoredRows) + stored : (stored * x.Length) + i] * x[i];
            }
        }

        return y;
    }

    private void Add(double[][] from, double[][] update, NormSpec? norm, double[][] residual)
    {
        for (int t = 0; t < residual.Length; t++)
        {
            double[] sum = [.. from[t].Zip(update[t], (a, b) => a + b)];
            residual[t] = norm is null ? sum : Norm(norm, sum);
        }
    }

    private void Keep(Site site, int layer, double[][] rows) => _sites[(site, layer)] = Each(rows, row => (double[])row.Clone());

    private double[] Read(string name)
    {
        if (!_weights.TryGetValue(name, out double[]? values))
        {
            TensorInfo tensor = checkpoint.Require(name);
            float[] stored = new float[tensor.ElementCount];
            checkpoint.ReadFloats(tensor, 0, stored);
            values = _weights[name] = [.. stored.Select(value => (double)value)];
        }

        return values;
    }

    private static TOut[] Each<TIn, TOut>(TIn[] items, Func<TIn, TOut> map) => [.. items.Select(map)];
}
