using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>The weights of one block, packed for the kernels.</summary>
internal sealed class LayerWeights : IDisposable
{
    private LayerWeights(BlockSpec block, WeightReader reader)
    {
        AttentionSpec attention = block.Attention;
        FeedForwardSpec feedForward = block.FeedForward;
        AttentionNorm = new NormWeights(block.AttentionNorm, reader);
        FeedForwardNorm = new NormWeights(block.FeedForwardNorm, reader);
        QueryKeyValue = reader.Pack(attention.Query, attention.Key, attention.Value);
        QueryKeyValueBias = reader.Biases(attention.Query, attention.Key, attention.Value);
        AttentionOut = reader.Pack(attention.Output);
        AttentionOutBias = reader.Biases(attention.Output);
        In = reader.Pack(feedForward.In);
        InBias = reader.Biases(feedForward.In);
        if (feedForward.Gate is not null)
        {
            Gate = reader.Pack(feedForward.Gate);
            GateBias = reader.Biases(feedForward.Gate);
        }

        Out = reader.Pack(feedForward.Out);
        OutBias = reader.Biases(feedForward.Out);
    }

    public NormWeights AttentionNorm { get; }

    public NormWeights FeedForwardNorm { get; }

    /// <summary>[(H + 2 KV) * head size, D].</summary>
    public PackedMatrix QueryKeyValue { get; }

    public float[] QueryKeyValueBias { get; }

    /// <summary>[D, H * head size].</summary>
    public PackedMatrix AttentionOut { get; }

    public float[] AttentionOutBias { get; }

    /// <summary>[F, D], or null where not gated.</summary>
    public PackedMatrix? Gate { get; }

    public float[] GateBias { get; } = [];

    /// <summary>[F, D].</summary>
    public PackedMatrix In { get; }

    public float[] InBias { get; }

    /// <summary>[D, F].</summary>
    public PackedMatrix Out { get; }

    public float[] OutBias { get; }

    /// <summary>Bytes that the packed weights of a block take.</summary>
    public static long PackedBytes(BlockSpec block)
    {
        AttentionSpec attention = block.Attention;
        FeedForwardSpec feedForward = block.FeedForward;
        int queryKeyValue = attention.Query.Outputs + attention.Key.Outputs + attention.Value.Outputs;
        long floats = PackedMatrix.FloatCount(queryKeyValue, attention.Query.Inputs)
            + PackedMatrix.FloatCount(attention.Output.Outputs, attention.Output.Inputs)
            + PackedMatrix.FloatCount(feedForward.In.Outputs, feedForward.In.Inputs) * (feedForward.IsGated ? 2 : 1)
            + PackedMatrix.FloatCount(feedForward.Out.Outputs, feedForward.Out.Inputs);
        return floats * sizeof(float);
    }

    public static LayerWeights Load(BlockSpec block, WeightReader reader) => new(block, reader);

    public void Dispose()
    {
        QueryKeyValue.Dispose();
        AttentionOut.Dispose();
        Gate?.Dispose();
        In.Dispose();
        Out.Dispose();
    }
}

/// <summary>A norm with its gain and bias.</summary>
internal sealed class NormWeights(NormSpec spec, WeightReader reader)
{
    private readonly float[] _weight = reader.Vector(spec.Weight);
    private readonly float[] _bias = reader.Vector(spec.Bias);

    /// <summary>Norms each row of <paramref name="from"/> into <paramref name="to"/>, which may be the same memory.</summary>
    public void Apply(MatrixView from, MatrixView to)
    {
        for (int row = 0; row < from.Rows; row++)
        {
            if (spec.Kind == NormKind.LayerNorm)
            {
                Norms.LayerNorm(from.Row(row), _weight, _bias, spec.Epsilon, to.Row(row));
            }
            else
            {
                Norms.RmsNorm(from.Row(row), _weight, spec.Epsilon, to.Row(row));
            }
        }
    }
}
