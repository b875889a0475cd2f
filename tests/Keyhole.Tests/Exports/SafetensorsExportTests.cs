using System.Runtime.InteropServices;
using Keyhole.Engine.Checkpoints;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Exports;

public sealed class SafetensorsExportTests : IDisposable
{
    private readonly SampleStudy _sample = new();

    public void Dispose() => _sample.Dispose();

    [Fact]
    public void Arrays_hold_what_the_study_holds_and_are_padded()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        using SafetensorsFile file = Exported(study, new ExportOptions());

        // 3 layers of at most 8 memories, at most 3 triggers.
        float[] coefficient = Values<float>(file, "positive.coefficient", 3, 8, 3);
        Assert.Equal([1.5f, 0.1f, 1e-10f], coefficient[..3]);
        Assert.All(coefficient[3..], value => Assert.True(float.IsNaN(value)));
        Assert.Equal([1, 0, 1], Values<int>(file, "positive.unit", 3, 8, 3)[..3]);
        Assert.Equal([2, 1, 4], Values<int>(file, "positive.position", 3, 8, 3)[..3]);
        Assert.Equal([4, 3, -1, -1], Values<int>(file, "positive.target", 3, 8, 3)[..4]);
        byte[] mined = Values<byte>(file, "mined", 3, 8);
        Assert.Equal([0, 17], Enumerable.Range(0, mined.Length).Where(at => mined[at] == 1));
        double[] kurtosis = Values<double>(file, "statistics.excess_kurtosis", 3, 8);
        Assert.Equal(study.Memory(new NeuronId(0, 0))!.Statistics.ExcessKurtosis, kurtosis[0]);
        Assert.All(kurtosis[1..], value => Assert.True(double.IsNaN(value)));
        Assert.Equal(4, Values<long>(file, "statistics.n", 3, 8)[0]);
        Assert.Equal(4u, (uint)Values<uint>(file, "statistics.histogram", 3, 8, 256)[..256].Sum(count => count));
        double[] edges = Values<double>(file, "histogram_edges", 257);
        Assert.Equal((double.NegativeInfinity, 0, double.PositiveInfinity), (edges[0], edges[128], edges[256]));

        Assert.Equal([1.5f, 2f], Values<float>(file, "value.norm", 3, 8).Where(float.IsFinite));
        Assert.Equal([4, 3, -1, -1], Values<int>(file, "value.top.id", 3, 8, 2)[..4]);
        Assert.Equal([-3f, -2.5f], Values<float>(file, "value.bottom.logit", 3, 8, 2)[..2]);
        Assert.Equal(0.5, Values<double>(file, "positive.value.precision_at_50", 3, 8)[0]);
        sbyte[] agrees = Values<sbyte>(file, "positive.value.agrees", 3, 8);
        Assert.Equal(1, agrees[0]);
        Assert.All(agrees[1..], answer => Assert.Equal(-1, answer));   // the other value is of a memory without a trigger

        Assert.Equal(study.Provenance.WeightsSha256, file.Metadata["weights_sha256"]);
        Assert.Equal("folded", file.Metadata["values.readout"]);
        Assert.Equal("25", file.Metadata["mine.top"]);
        Assert.DoesNotContain(file.Metadata.Values, value => value.Contains(study.Provenance.ModelPath, StringComparison.Ordinal));
        Assert.False(file.Tensors.ContainsKey("negative.coefficient"));
        Assert.False(file.Tensors.ContainsKey("positive.router_weight"));
    }

    [Fact]
    public void Gated_memories_have_both_poles_and_experts_lie_one_after_the_other()
    {
        string path = _sample.PathOf("experts.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            writer.WriteProvenance(SampleStudy.Provenance(gated: true, experts: 2));
            writer.WriteFiles([new StudyFile(0, "a.txt", 1, "")]);
            writer.AppendUnit(SampleStudy.Unit(0, "a", "b", "c", "d"));
            writer.AppendUnit(SampleStudy.Unit(1, "a", "b", "c", "d"));
            writer.WriteTokenPieces([]);
            writer.WriteMemory(new NeuronId(0, 7, 1), SampleStudy.Statistics(3, gated: true), [], [new Trigger(-2, 3.25f, 0, 2, 9, 0.75f), new Trigger(-1, 0.5f, 1, 3, -1, 0.125f)]);
            writer.Complete();
        }

        using Study study = Study.Open(path);
        using SafetensorsFile file = Exported(study, new ExportOptions());
        Assert.Equal(1, Values<byte>(file, "mined", 3, 16)[15]);
        Assert.Equal([-2f, -1f], Values<float>(file, "negative.coefficient", 3, 16, 2)[30..32]);
        Assert.Equal([3.25f, 0.5f], Values<float>(file, "negative.gate", 3, 16, 2)[30..32]);
        Assert.Equal([0.75f, 0.125f], Values<float>(file, "negative.router_weight", 3, 16, 2)[30..32]);
        Assert.Equal("2", file.Metadata["experts"]);
        Assert.Equal(20, Values<long>(file, "statistics.sign_cases", 3, 16, 4)[60..64].Sum());
        Assert.All(Values<float>(file, "positive.coefficient", 3, 16, 2), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void A_selection_leaves_everything_in_its_place()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        using SafetensorsFile file = Exported(study, new ExportOptions { Selection = new ExportSelection { Layers = [2] } });
        Assert.Equal([17], Enumerable.Range(0, 24).Where(at => Values<byte>(file, "mined", 3, 8)[at] == 1));
        Assert.All(Values<float>(file, "positive.coefficient", 3, 8, 3), value => Assert.True(float.IsNaN(value)));
        Assert.Equal(2f, Assert.Single(Values<float>(file, "value.norm", 3, 8), float.IsFinite));
    }

    [Fact]
    public void What_is_stopped_leaves_nothing_and_what_is_whole_leaves_one_file()
    {
        using Study study = AnalysedStudy.Plain(_sample);
        string folder = _sample.PathOf("out");
        Assert.Throws<OperationCanceledException>(() => SafetensorsExport.Write(study, folder, new ExportOptions(), new CancellationToken(canceled: true)));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        SafetensorsExport.Write(study, folder, new ExportOptions());
        byte[] first = File.ReadAllBytes(Assert.Single(Directory.GetFileSystemEntries(folder)));
        SafetensorsExport.Write(study, folder, new ExportOptions());
        Assert.Equal(first, File.ReadAllBytes(Assert.Single(Directory.GetFileSystemEntries(folder))));
    }

    private SafetensorsFile Exported(Study study, ExportOptions options)
    {
        Assert.Equal(["study.safetensors"], SafetensorsExport.Write(study, _sample.Folder, options));
        return SafetensorsFile.Open(_sample.PathOf("study.safetensors"));
    }

    private static T[] Values<T>(SafetensorsFile file, string name, params long[] shape)
        where T : unmanaged
    {
        TensorInfo tensor = file.Require(name);
        Assert.Equal(shape, tensor.Shape);
        return MemoryMarshal.Cast<byte, T>(file.RawBytes(tensor, 0, (int)tensor.ByteLength)).ToArray();
    }
}
