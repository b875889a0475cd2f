using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Features;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Features;

public sealed class FeatureBankTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Permuted_values_have_the_same_entries_in_other_places()
    {
        using Model model = Model.Open(_run.Model(TinyModel.Llama()));
        using FeatureBank real = FeatureBank.Load(model, 1, permutation: null, threads: 2);
        using FeatureBank permuted = FeatureBank.Load(model, 1, permutation: 7, threads: 2);
        using FeatureBank other = FeatureBank.Load(model, 1, permutation: 8, threads: 1);
        int moved = 0;
        for (int memory = 0; memory < real.Memories; memory++)
        {
            float[] entries = real.Value(memory).ToArray();
            float[] shuffled = permuted.Value(memory).ToArray();
            moved += entries.SequenceEqual(shuffled) ? 0 : 1;
            Assert.Equal(entries.Order(), shuffled.Order());
            Assert.Equal(real.Norms[memory], permuted.Norms[memory], 1e-5f);
        }

        Assert.Equal(real.Memories, moved);
        Assert.False(permuted.Value(0).SequenceEqual(other.Value(0)));
    }

    [Fact]
    public void Coefficients_are_the_engines_to_the_bit()
    {
        foreach (TinyModel made in (TinyModel[])[TinyModel.Opt(), TinyModel.Llama(memoryBias: true), TinyModel.Olmoe()])
        {
            using Model model = Model.Open(_run.Model(made, $"model-{Guid.NewGuid():N}"));
            int[] tokens = [0, 40, 41, 42, 60, 61, 99];
            var capture = new Engine.Capture.SiteCapture(model.Spec, tokens.Length, ["blocks.1.*"]);
            using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
            pass.Run(TokenBatch.OfText(tokens), capture, TestContext.Current.CancellationToken);
            using FeatureBank bank = FeatureBank.Load(model, 1, permutation: null, threads: 1);
            using var scratch = new BankScratch(bank, tokens.Length);
            using AlignedBuffer inputs = Copy(capture.Values(Engine.Capture.Site.MlpIn, 1));
            int experts = bank.Spec.Router is null ? 0 : bank.Spec.Experts.Length;
            using AlignedBuffer router = Copy(experts == 0 ? [] : capture.Values(Engine.Capture.Site.ExpertWeights, 1));
            MatrixView coefficients = scratch.Coefficients(tokens.Length);
            bank.Coefficients(inputs.Matrix(tokens.Length, bank.Width), experts == 0 ? default : router.Matrix(tokens.Length, experts), coefficients, scratch);
            float[] expected = capture.Values(Engine.Capture.Site.MlpPost, 1);
            for (int row = 0; row < tokens.Length; row++)
            {
                Assert.Equal(expected.AsSpan(row * bank.Memories, bank.Memories).ToArray(), coefficients.Row(row).ToArray());
            }
        }
    }

    private static AlignedBuffer Copy(float[] values)
    {
        var buffer = new AlignedBuffer(values.Length);
        values.CopyTo(buffer.Span(0, values.Length));
        return buffer;
    }
}
