using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Twins = Keyhole.Engine.Tests.Numerics.Reference;

namespace Keyhole.Engine.Tests.Models.Reference;

/// <summary>Double-precision twin of the forward pass over one text: plain loops in the order of the formulas, never optimised.</summary>
internal sealed class TransformerTwin(ModelSpec spec, Checkpoint checkpoint)
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

        var output = new LinearSpec(spec.Head.Output, null, spec.VocabularySize, last[0].Length);
        _sites[(Site.Logits, spec.LayerCount)] = Each(last, row => Linear(output, row));
        return _sites;
    }

    private double[] Embed(int id, int position)
    {
        double[] row = Read(spec.Embedding.Tokens).AsSpan(id * spec.Embedding.TokenWidth, spec.Embedding.TokenWidth).ToArray();
        if (spec.Embedding.ProjectIn is { } projection)
        {
            row = Linear(projection, row);
        }

        if (spec.Embedding.Positions is { } positions)
        {
            double[] table = Read(positions);
            for (int i = 0; i < row.Length; i++)
            {
                row[i] += table[((position + spec.Embedding.PositionOffset) * spec.Width) + i];
            }
        }

        return row;
    }

    private void Block(BlockSpec block, int layer, double[][] residual)
    {
        bool before = block.Placement == NormPlacement.Before;
        Keep(Site.ResidPre, layer, residual);
        double[][] attended = Attention(block.Attention, before ? Each(residual, row => Norm(block.AttentionNorm, row)) : residual);
        Keep(Site.AttnOut, layer, attended);
        Add(residual, attended, before ? null : block.AttentionNorm);
        Keep(Site.ResidMid, layer, residual);

        double[][] input = before ? Each(residual, row => Norm(block.FeedForwardNorm, row)) : residual;
        Keep(Site.MlpIn, layer, input);
        FeedForwardSpec memories = block.FeedForward;
        double[][] pre = Each(input, row => Linear(memories.Gate ?? memories.In, row));
        double[][] post = Each(pre, row => Each(row, value => Twins.Activations.Apply(memories.Activation, value)));
        Keep(Site.MlpPre, layer, pre);
        if (memories.Gate is not null)
        {
            double[][] linear = Each(input, row => Linear(memories.In, row));
            Keep(Site.MlpPreLinear, layer, linear);
            post = [.. post.Select((row, t) => row.Select((value, i) => value * linear[t][i]).ToArray())];
        }

        Keep(Site.MlpPost, layer, post);
        double[][] update = Each(post, row => Linear(memories.Out, row));
        Keep(Site.MlpOut, layer, update);
        Add(residual, update, before ? null : block.FeedForwardNorm);
        Keep(Site.ResidPost, layer, residual);
    }

    private double[][] Attention(AttentionSpec attention, double[][] input)
    {
        int size = attention.HeadSize;
        double[][] query = Each(input, row => Linear(attention.Query, row));
        double[][] key = Each(input, row => Linear(attention.Key, row));
        double[][] value = Each(input, row => Linear(attention.Value, row));
        if (attention.Rotary is { } rotary)
        {
            Rotate(rotary, size, query);
            Rotate(rotary, size, key);
        }

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
                        scores[j] += query[t][(head * size) + i] * key[j][(shared * size) + i] / Math.Sqrt(size);
                    }
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

    // Pairs (i, i + half) of each head turn by position * frequency.
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
                    (double a, double b) = (rows[position][head + i], rows[position][head + half + i]);
                    rows[position][head + i] = factor * ((a * cos) - (b * sin));
                    rows[position][head + half + i] = factor * ((b * cos) + (a * sin));
                }
            }
        }
    }

    private double[] Norm(NormSpec norm, double[] x)
    {
        double mean = norm.Kind == NormKind.LayerNorm ? x.Average() : 0;
        double scale = Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + norm.Epsilon);
        double[]? weight = norm.Weight is null ? null : Read(norm.Weight);
        double[]? bias = norm.Bias is null ? null : Read(norm.Bias);
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
                y[row] += weight[(stored * x.Length) + i] * x[i];
            }
        }

        return y;
    }

    private void Add(double[][] residual, double[][] update, NormSpec? norm)
    {
        for (int t = 0; t < residual.Length; t++)
        {
            double[] sum = [.. residual[t].Zip(update[t], (a, b) => a + b)];
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
