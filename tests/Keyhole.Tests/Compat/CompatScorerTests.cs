using System.Runtime.InteropServices;
using System.Text.Json;
using Keyhole.Compat;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Compat;

/// <summary>The released code's numbers, from fairseq's own readings of its tiny model (shared/conformance/fairseq-tiny).</summary>
public sealed class CompatScorerTests
{
    private const int Layers = 4;
    private const int Memories = 256;

    [Fact]
    public void Readings_are_those_of_the_authors_scorer()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("conformance", "fairseq-tiny", "golden-analysis.json")));
        int compared = 0;
        foreach (JsonElement one in golden.RootElement.EnumerateArray())
        {
            using Checkpoint file = Checkpoint.Open(SharedData.Require("conformance", "fairseq-tiny", $"golden-{one.GetProperty("sentence").GetInt32()}.safetensors"));
            int position = one.GetProperty("random_pos").GetInt32();
            int final = Row(file, "logprobs_final", position).Index().MaxBy(at => at.Item).Index;
            for (int layer = 0; layer < Layers; layer++)
            {
                float[] residual = Row(file, $"blocks.{layer}.hook_resid_mid.logprobs", position);
                float[] coefficients = Row(file, $"blocks.{layer}.mlp.hook_post", position);

                // Of o the goldens have the top token alone, but in the last layer.
                float[] output = [.. Enumerable.Repeat(float.NegativeInfinity, residual.Length)];
                output[Integers(file, $"blocks.{layer}.hook_resid_post.argmax")[position]] = Values(file, $"blocks.{layer}.hook_resid_post.max_logprob")[position];
                bool last = layer == Layers - 1;
                JsonElement active = one.GetProperty("last_layer_active");
                float[] weights = last ? Spread(active.GetProperty("dims"), active.GetProperty("weight"), value => value.GetSingle()) : coefficients;
                int[] tops = last ? Spread(active.GetProperty("dims"), active.GetProperty("prediction"), value => value.GetInt32()) : new int[Memories];
                float norm = last ? active.GetProperty("residual_norm").GetSingle() : 1;
                CompatReading got = CompatScorer.Read(residual, Row(file, $"blocks.{layer}.hook_mlp_out.logprobs", position), last ? Row(file, "logprobs_final", position) : output, final, weights, tops, norm);

                JsonElement At(string field) => one.GetProperty(field)[layer];
                Assert.Equal(At("layer_output_argmax").GetInt32(), got.OutputTop);
                Assert.Equal(At("residual_argmax").GetInt32(), got.ResidualTop);
                Assert.Equal(At("ffn_argmax").GetInt32(), got.UpdateTop);
                Assert.Equal(At("residual_output_rank").GetInt32(), got.FinalRankInResidual);
                Assert.Equal(At("ffn_output_rank").GetInt32(), got.FinalRankInUpdate);
                Assert.Equal(At("ffn_residual_output_rank").GetInt32(), got.ResidualTopRankInUpdate);
                Assert.Equal(At("residual_argmax_change").GetInt32() == 1, got.OutputTopIsNotUpdateTop);
                Assert.Equal(At("coeffs_l0").GetInt32(), got.PositiveEntries);
                Assert.Equal(At("layer_output_argmax_prob").GetDouble(), got.OutputTopProbability, 2e-5);
                Assert.Equal(At("residual_argmax_prob").GetDouble(), got.ResidualTopProbability, 2e-5);
                Assert.Equal(At("residual_output_prob").GetDouble(), got.FinalProbabilityInResidual, 2e-5);
                Assert.Equal(At("ffn_argmax_prob").GetDouble(), got.UpdateTopProbability, 2e-5);
                Assert.Equal(At("ffn_output_prob").GetDouble(), got.FinalProbabilityInUpdate, 2e-5);
                Assert.Equal(At("ffn_residual_output_prob").GetDouble(), got.ResidualTopProbabilityInUpdate, 2e-5);
                if (last)
                {
                    Assert.Equal(At("ffn_matching_dims_count").GetInt32(), got.MatchingMemories);
                    Assert.Equal(At("coeffs_residual_rank").GetInt32(), got.ResidualNormRank);
                }

                compared++;
            }
        }

        Assert.Equal(6 * Layers, compared);
    }

    [Fact]
    public void Inactive_memories_count_as_predicting_id_0()
    {
        float[] uniform = [-1, -1, -1];
        CompatReading got = CompatScorer.Read(uniform, uniform, uniform, final: 2, weights: [0, 0, 5, 2, 0.5f], memoryTops: [1, 1, 0, 2, 0], residualNorm: 1);
        Assert.Equal((0, 4, 4, 2), (got.OutputTop, got.MatchingMemories, got.PositiveEntries, got.ResidualNormRank));
        got = CompatScorer.Read([-1, 0, -2], [-3, -2, -1], [-9, -9, -1], final: 0, weights: [0, 0, 5, 2, 0.5f], memoryTops: [2, 2, 0, 2, 0], residualNorm: 9);
        Assert.Equal((2, 1, 2, 1, 2, 1), (got.OutputTop, got.ResidualTop, got.UpdateTop, got.FinalRankInResidual, got.FinalRankInUpdate, got.ResidualTopRankInUpdate));
        Assert.Equal((1, 0, false), (got.MatchingMemories, got.ResidualNormRank, got.OutputTopIsNotUpdateTop));
    }

    private static T[] Spread<T>(JsonElement dims, JsonElement values, Func<JsonElement, T> read)
    {
        T[] all = new T[Memories];
        foreach ((JsonElement dim, JsonElement value) in dims.EnumerateArray().Zip(values.EnumerateArray()))
        {
            all[dim.GetInt32()] = read(value);
        }

        return all;
    }

    private static float[] Row(Checkpoint file, string name, int row)
    {
        int width = (int)file.Require(name).Shape[1];
        return Values(file, name)[(row * width)..((row + 1) * width)];
    }

    private static float[] Values(Checkpoint file, string name)
    {
        TensorInfo tensor = file.Require(name);
        var values = new float[tensor.ElementCount];
        file.ReadFloats(tensor, 0, values);
        return values;
    }

    private static long[] Integers(Checkpoint file, string name)
    {
        TensorInfo tensor = file.Require(name);
        return MemoryMarshal.Cast<byte, long>(file.RawBytes(tensor, 0, (int)tensor.ByteLength)).ToArray();
    }
}
