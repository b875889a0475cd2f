using System.Runtime.ExceptionServices;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>The weights of one block, packed for the kernels.</summary>
internal sealed class LayerWeights : IDisposable
{
    private LayerWeights(BlockSpec block, WeightReader reader, int threads)
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
        PackedMatrix[] packed = new PackedMatrix[2];
        Experts = new ExpertWeights[block.FeedForward.Experts.Length];
        List<Action> packing =
        [
            () => packed[0] = reader.Pack(attention.Query, attention.Key, attention.Value),
            () => packed[1] = reader.Pack(attention.Output),
        ];
        for (int index = 0; index < Experts.Length; index++)
        {
            ExpertWeights expert = Experts[index] = new ExpertWeights(block.FeedForward.Experts[index], reader);
            packing.AddRange(expert.Packing(reader));
        }

        try
        {
            Parallel.Invoke(new ParallelOptions { MaxDegreeOfParallelism = threads }, [.. packing]);
        }
        catch (AggregateException failures) when (failures.InnerException is { } first)
        {
            ExceptionDispatchInfo.Throw(first);
        }

        (QueryKeyValue, AttentionOut) = (packed[0], packed[1]);
        QueryKeyValueBias = reader.Biases(attention.Query, attention.Key, attention.Value);
        AttentionOutBias = reader.Biases(attention.Output);
        Router = block.FeedForward.Router is { } router ? new RouterWeights(router, reader) : null;
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

    /// <summary>Packs a block's weights.</summary>
    /// <param name="block">The block.</param>
    /// <param name="reader">Reads them.</param>
    /// <param name="threads">Maps that are packed at a time.</param>
    public static LayerWeights Load(BlockSpec block, WeightReader reader, int threads) => new(block, reader, threads);

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
    public PackedMatrix? Gate { get; private set; }

    public float[] GateBias { get; } = spec.Gate is { } gate ? reader.Biases(gate) : [];

    /// <summary>[F, D].</summary>
    public PackedMatrix In { get; private set; } = null!;   // set by the packing, before anyone sees it

    public float[] InBias { get; } = reader.Biases(spec.In);

    /// <summary>[D, F].</summary>
    public PackedMatrix Out { get; private set; } = null!;

    public float[] OutBias { get; } = reader.Biases(spec.Out);

    /// <summary>What coefficients are computed with.</summary>
    public MemoryKeys Keys => new(In, InBias, Gate, GateBias);

    /// <summary>What remains to be done: its maps, each of which may be packed by another thread.</summary>
    public IEnumerable<Action> Packing(WeightReader reader)
    {
        yield return () => In = reader.Pack(spec.In);
        yield return () => Out = reader.Pack(spec.Out);
        if (spec.Gate is { } gate)
        {
            yield return () => Gate = reader.Pack(gate);
        }
    }

    public void Dispose()
    {
        Gate?.Dispose();
        In.Dispose();
        Out.Dispose();
    }
}
