using Keyhole.Corpora;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>SmolLM2-135M (gated, Q4_1) over 160 lines, both poles, against transformers 5.23.0 (shared/conformance/smollm2).</summary>
public sealed class SmolLm2GoldenTests
{
    private const int Chosen = 16;
    private const int GoldenTop = 20;
    private const int Top = 10;

    [Fact]
    public void Triggers_of_both_poles_agree()
    {
        string model = SharedData.Require("models", "smollm2-135m-instruct.Q4_1.gguf");
        string corpus = SharedData.Require("conformance", "smollm2", "lines.txt");
        using var golden = new Golden(SharedData.Require("conformance", "smollm2", "triggers.safetensors"));
        using var folder = new TemporaryFolder();
        string path = folder.File("golden.study");
        using (var miner = new Miner(new MiningOptions { Model = model, Corpus = [corpus], Output = path, Unit = UnitKind.Line, Threads = 2, Rules = new MiningRules { Top = Top } }))
        {
            miner.Run(cancellation: TestContext.Current.CancellationToken);
        }

        using Study study = Study.Open(path);
        int[] neurons = golden.Integers("neuron");
        foreach (Pole pole in Enum.GetValues<Pole>())
        {
            string name = pole == Pole.Positive ? "positive." : "negative.";
            float[] coefficients = golden.Floats(name + "coefficient");
            float[] gates = golden.Floats(name + "gate");
            int[] units = golden.Integers(name + "unit");
            int[] positions = golden.Integers(name + "position");
            int[] targets = golden.Integers(name + "target");
            for (int list = 0; list < neurons.Length; list++)
            {
                var id = new NeuronId(list / Chosen, neurons[list]);
                MemoryRecord memory = study.Memory(id)!;
                Trigger[] expected = [.. Enumerable.Range(list * GoldenTop, GoldenTop).Where(i => units[i] >= 0).Select(i => new Trigger(coefficients[i], gates[i], units[i], positions[i], targets[i]))];
                TriggerListComparison.Require($"{id} {pole}", pole == Pole.Positive ? memory.Positive : memory.Negative, expected, Top, 5e-4);
            }
        }
    }
}
