using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>The weights of one block, packed for the kernels.</summary>
internal sealed class LayerWeights : IDisposable
{
    private LayerWeights(BlockSpec block, WeightReader reader)
    {
        AttentionSpec attention = block.Attention;
        AttentionNorm = NormWeights.Load(block.AttentionNorm, reader);
        AttentionOutputNorm = NormWeights.Load(block.AttentionOutputNorm, reader);
        AttentionSumNorm = NormWeights.Load(block.AttentionSumNorm, reader);
        FeedForwardNorm = NormWeights.Load(block.FeedForwardNorm, reader);
        FeedForwardOutputNorm = NormWeights.Load(block.FeedForwardOutputNorm, reader);
        FeedForwardSumNorm = NormWeights.Load(block.FeedForwardSumNorm, reader);
        QueryNorm = GroupNormWeights.Load(attention.QueryNorm, reader);
        KeyNorm = GroupNormWeights.Load(attention.KeyNorm, reader);
        QueryKeyValue = reader.Pack(attention.Query, attention.Key, attention.Value);
        QueryKeyValueBias = reader.Biases(attention.Query, attention.Key, attention.Value);
        AttentionOut = reader.Pack(attention.Output);
        AttentionOutBias = reader.Biases(attention.Output);
        Router = block.FeedForward.Router is { } router ? new RouterWeights(router, reader) : null;
        Experts = [.. block.FeedForward.Experts.Select(expert => new ExpertWeights(expert, reader))];
    }

    public NormWeights? AttentionNorm { get; }

    public NormWeights? AttentionOutputNorm { get; }

    public NormWeights? AttentionSumNorm { get; }

    public NormWeights? FeedForwardNorm { get; }

    public NormWeights? FeedForwardOutputNorm { get; }

    public NormWeights? FeedForwardSumNorm { get; }

    public GroupNormWeights? QueryNorm { get; }

    public GroupNormWeights? KeyNorm { get; }

    /// <summary>[(H + 2 KV) * head size, D].</summary>
    public PackedMatrix QueryKeyValue { get; }

    public float[] QueryKeyValueBias { get; }

    /// <summary>[D, H * head size].</summary>
    public PackedMatrix AttentionOut { get; }

    public float[] AttentionOutBias { get; }

    /// <summary>Null where there is one bank.</summary>
    public RouterWeights? Router { get; }

    /// <summary>The banks of memories.</summary>
    public ExpertWeights[] Experts { get; }

    /// <summary>Bytes that the packed weights of a block take.</summary>
    public static long PackedBytes(BlockSpec block)
    {
        AttentionSpec attention = block.Attention;
        int queryKeyValue = attention.Query.Outputs + attention.Key.Outputs + attention.Value.Outputs;
        long floats = PackedMatrix.FloatCount(queryKeyValue, attention.Query.Inputs) + Floats(attention.Output)
            + block.FeedForward.Experts.SelectMany(expert => expert.Maps).Sum(Floats);
        return floats * sizeof(float);
    }

    public static LayerWeights Load(BlockSpec block, WeightReader reader) => new(block, reader);

    public void Dispose()
    {
        QueryKeyValue.Dispose();
        AttentionOut.Dispose();
        Router?.Dispose();
        foreach (ExpertWeights expert in Experts)
        {
            expert.Dispose();
        }
    }

    private static long Floats(LinearSpec map) => PackedMatrix.FloatCount(map.Outputs, map.Inputs);
}

/// <summary>A bank of memories, packed.</summary>
internal sealed class ExpertWeights(ExpertSpec spec, WeightReader reader) : IDisposable
{
    /// <summary>[F, D], or null where not gated.</summary>
    public PackedMatrix? Gate { get; } = spec.Gate is { } gate ? reader.Pack(gate) : null;

    public float[] GateBias { get; } = spec.Gate is { } gate ? reader.Biases(gate) : [];

    /// <summary>[F, D].</summary>
    public PackedMatrix In { get; } = reader.Pack(spec.In);

    public float[] InBias { get; } = reader.Biases(spec.In);

    /// <summary>[D, F].</summary>
    public PackedMatrix Out { get; } = reader.Pack(spec.Out);

    public float[] OutBias { get; } = reader.Biases(spec.Out);

    public void Dispose()
    {
        Gate?.Dispose();
        In.Dispose();
        Out.Dispose();
    }
}
