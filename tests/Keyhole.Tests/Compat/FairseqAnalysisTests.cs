using System.Runtime.InteropServices;
using System.Text.Json;
using Keyhole.Compat;
using Keyhole.Composition;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Keyhole.Values;
using Xunit;

namespace Keyhole.Tests.Compat;

/// <summary>
/// From the checkpoint to the numbers of the authors' scorer (mega002/ff-layers f4a71c6), on a tiny model of the paper's architecture: shared/conformance/fairseq-tiny.
/// </summary>
public sealed class FairseqAnalysisTests
{
    [Theory]
    [InlineData("model.legacy.pt")]
    [InlineData("model.zip.pt")]
    public void Every_field_of_every_layer_is_the_authors(string container)
    {
        using Model model = Model.Open(SharedData.Require("conformance", "fairseq-tiny", container));
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("conformance", "fairseq-tiny", "golden-analysis.json")));
        JsonElement[] records = [.. golden.RootElement.EnumerateArray()];
        Prefix[] prefixes = [.. records.Select(Prefix)];
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        using var reader = new VocabularyReader(model, 2);
        var none = new PoleTriggers(null, []);
        IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(model, [.. CompatLayer.Memories(model.Spec).Select(id => new MemoryTriggers(id, none, null))],
            new ValueOptions { Readout = Readout.Raw, Top = 1, Threads = 2 }, cancellation: TestContext.Current.CancellationToken);
        IReadOnlyList<CompatTrace> traces = new CompatTracer(model, pass, reader, CompatLayer.Of(model.Spec, values)).Trace(prefixes, progress: null, TestContext.Current.CancellationToken);
        Assert.Equal(6, traces.Count);
        int matching = 0;
        foreach ((JsonElement record, CompatTrace trace) in records.Zip(traces))
        {
            for (int layer = 0; layer < trace.Layers.Length; layer++)
            {
                foreach ((string name, Func<CompatReading, object> value) in CompatFields.All)
                {
                    JsonElement wanted = record.GetProperty(name)[layer];
                    if (value(trace.Layers[layer]) is double probability)
                    {
                        Assert.Equal(wanted.GetDouble(), probability, 1e-4);
                    }
                    else
                    {
                        Assert.True(wanted.GetInt32() == (int)value(trace.Layers[layer]), $"{name} of sentence {trace.Unit}, layer {layer}: {value(trace.Layers[layer])}, the authors have {wanted}.");
                    }
                }

                matching += trace.Layers[layer].MatchingMemories > 0 ? 1 : 0;
            }
        }

        Assert.NotEqual(0, matching);
    }

    [Fact]
    public void Mined_triggers_are_the_authors()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("conformance", "fairseq-tiny", "golden-analysis.json")));
        using var tiny = new TinyRun();
        using Study study = TinyRun.Mine(tiny.Options(SharedData.Require("conformance", "fairseq-tiny", "model.zip.pt"), SharedData.Require("conformance", "fairseq-tiny", "sentences.txt")) with
        {
            Bos = BosPolicy.Always,
            Compat = CompatMode.FfLayers,
            Rules = new MiningRules { Top = 50, FirstPosition = true },
        });
        JsonElement[] records = [.. golden.RootElement.EnumerateArray()];
        int found = 0;
        foreach (MemoryRecord memory in study.Memories())
        {
            Dictionary<int, Trigger> byUnit = memory.Positive.ToDictionary(trigger => trigger.Unit);
            foreach (JsonElement record in records)
            {
                int unit = record.GetProperty("sentence").GetInt32();
                float largest = record.GetProperty("max_fc1_vals")[memory.Id.Layer][memory.Id.Index].GetSingle();
                Assert.Equal(largest > 0, byUnit.ContainsKey(unit));
                if (largest > 0)
                {
                    Assert.Equal(largest, byUnit[unit].Coefficient, 1e-4f);
                    Assert.Equal(record.GetProperty("max_pos_fc1_vals")[memory.Id.Layer][memory.Id.Index].GetInt32(), byUnit[unit].Position);
                    found++;
                }
            }
        }

        Assert.True(found > 1000);
    }

    [Fact]
    public void Values_are_read_as_fairseq_reads_them()
    {
        using Model model = Model.Open(SharedData.Require("conformance", "fairseq-tiny", "model.legacy.pt"));
        using Checkpoint golden = Checkpoint.Open(SharedData.Require("conformance", "fairseq-tiny", "golden-values.safetensors"));
        var none = new PoleTriggers(null, []);
        for (int layer = 0; layer < model.Spec.LayerCount; layer++)
        {
            int[] memories = Integers(golden, $"layer.{layer}.dims");
            IReadOnlyList<ValueRecord> values = ValueAnalysis.Run(model, [.. memories.Select(memory => new MemoryTriggers(new(layer, memory), none, null))],
                new ValueOptions { Top = 5, Threads = 2 }, cancellation: TestContext.Current.CancellationToken);
            TensorInfo tensor = golden.Require($"layer.{layer}.logprobs");
            float[] all = new float[tensor.ElementCount];
            golden.ReadFloats(tensor, 0, all);
            Assert.Equal(Integers(golden, $"layer.{layer}.argmax"), values.Select(value => value.Argmax));
            for (int i = 0; i < memories.Length; i++)
            {
                float[] own = all[(i * model.Spec.VocabularySize)..((i + 1) * model.Spec.VocabularySize)];
                Assert.Equal(Math.Exp(own.Max()), values[i].MaxProbability, 1e-4);
                Assert.All(values[i].Top.Concat(values[i].Bottom), kept => Assert.Equal(own[kept.Token], kept.Logit, 1e-4));
                Assert.All(values[i].Bottom.Zip(own.Order()), pair => Assert.Equal(pair.Second, pair.First.Logit, 1e-4));
            }
        }
    }

    private static Prefix Prefix(JsonElement record)
    {
        int sentence = record.GetProperty("sentence").GetInt32();
        int position = record.GetProperty("random_pos").GetInt32();
        using Checkpoint file = Checkpoint.Open(SharedData.Require("conformance", "fairseq-tiny", $"golden-{sentence}.safetensors"));
        int[] ids = Integers(file, "input_ids");
        return new Prefix
        {
            Unit = sentence,
            Ids = ids[..(position + 1)],
            StartsWithBos = true,
            Target = position + 1 < ids.Length ? ids[position + 1] : -1,
            Text = string.Empty,
        };
    }

    private static int[] Integers(Checkpoint file, string name)
    {
        TensorInfo tensor = file.Require(name);
        return [.. MemoryMarshal.Cast<byte, long>(file.RawBytes(tensor, 0, (int)tensor.ByteLength)).ToArray().Select(value => (int)value)];
    }
}
