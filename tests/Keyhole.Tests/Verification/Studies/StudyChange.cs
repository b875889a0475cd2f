using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Studies.Merging;

namespace Keyhole.Tests.Verification.Studies;

/// <summary>Changes of a study that its tables alone do not betray.</summary>
internal static class StudyChange
{
    public static void Replace(string study, NeuronId id, Trigger[] list)
        => StudyEdit.Execute(study, "UPDATE memory SET positive = $a, positive_count = $b WHERE layer = $c AND neuron = $d", TriggerBlob.Write(list, ofExpert: false), list.Length, id.Layer, id.Index);

    public static NeuronStatistics Changed(NeuronStatistics s, float max, ExactSum more = default) => new()
    {
        Count = s.Count,
        Sum1 = s.Sum1 + more,
        Sum2 = s.Sum2,
        Sum3 = s.Sum3,
        Sum4 = s.Sum4,
        Min = s.Min,
        Max = max,
        PositiveCount = s.PositiveCount,
        SignCases = s.SignCases,
        Histogram = s.Histogram,
    };

    public static void Write(string study, NeuronStatistics statistics)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        statistics.Write(writer);
        writer.Flush();
        StudyEdit.Execute(study, "UPDATE memory SET statistics = $a WHERE layer = 0 AND neuron = 1", stream.ToArray());
    }

    public static StudyUnit With(StudyUnit unit, string text) => new()
    {
        Index = unit.Index,
        File = unit.File,
        Offset = unit.Offset,
        Length = unit.Length,
        Text = text,
        Tokens = unit.Tokens,
        Spans = unit.Spans,
        Traits = unit.Traits,
    };

    public static void Rewrite(string study, StudyUnit[] units)
    {
        using var block = new UnitBlockWriter();
        foreach (StudyUnit unit in units)
        {
            block.Add(unit);
        }

        PackedUnits packed = block.Pack();
        StudyEdit.Execute(study, "UPDATE unit_block SET raw_bytes = $a, zlib = $b", packed.RawBytes, packed.Zlib);
    }
}
