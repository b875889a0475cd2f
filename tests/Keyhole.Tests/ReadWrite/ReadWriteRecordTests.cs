using Keyhole.Memories;
using Keyhole.ReadWrite;
using Xunit;

namespace Keyhole.Tests.ReadWrite;

public sealed class ReadWriteRecordTests
{
    private static readonly NeuronId s_id = new(0, 0);

    [Theory]
    [InlineData(0.9, 0.8, 0.7, ReadWriteClass.Enrichment, false)]
    [InlineData(0.9, -0.8, -0.7, ReadWriteClass.Enrichment, false)]     // linear key and value turned around: gate against both
    [InlineData(0.6, 0.6, 0.2, ReadWriteClass.Enrichment, true)]
    [InlineData(0.6, 0.6, -0.9, ReadWriteClass.Enrichment, true)]
    [InlineData(0.9, 0.1, 0.1, ReadWriteClass.ConditionalEnrichment, false)]
    [InlineData(0.9, 0.1, -0.6, ReadWriteClass.ConditionalEnrichment, true)]
    [InlineData(-0.9, -0.8, 0.7, ReadWriteClass.Depletion, false)]
    [InlineData(-0.9, 0.8, -0.7, ReadWriteClass.Depletion, false)]
    [InlineData(-0.9, 0.8, 0.7, ReadWriteClass.Depletion, true)]
    [InlineData(-0.9, 0.49, 0.1, ReadWriteClass.ConditionalDepletion, false)]
    [InlineData(-0.9, 0.49, 0.5, ReadWriteClass.ConditionalDepletion, true)]
    [InlineData(0.1, 0.8, 0.1, ReadWriteClass.ProportionalChange, false)]
    [InlineData(-0.3, -0.8, 0.7, ReadWriteClass.ProportionalChange, true)]
    [InlineData(0.5, 0.5, 0.9, ReadWriteClass.OrthogonalOutput, false)] // the threshold itself is not beyond it
    [InlineData(-0.5, -0.5, 0.0, ReadWriteClass.OrthogonalOutput, false)]
    public void Classes_follow_from_the_cosines(double inOut, double gateOut, double gateIn, ReadWriteClass expected, bool atypical)
    {
        ReadWriteRecord record = new(s_id, inOut, gateOut, gateIn);
        Assert.Equal((expected, atypical), (record.Class!.Value, record.IsAtypical));
        ReadWriteRecord turned = new(s_id, inOut, -gateOut, -gateIn);
        Assert.Equal((record.Class, record.IsAtypical), (turned.Class, turned.IsAtypical));
        Assert.Equal(record.TurnedGateOut, gateIn == 0 ? -turned.TurnedGateOut : turned.TurnedGateOut);
    }

    [Theory]
    [InlineData(0.51, ReadWriteClass.Enrichment)]
    [InlineData(0.5, ReadWriteClass.OrthogonalOutput)]
    [InlineData(-0.5, ReadWriteClass.OrthogonalOutput)]
    [InlineData(-1, ReadWriteClass.Depletion)]
    public void Without_a_gate_there_are_three(double inOut, ReadWriteClass expected)
    {
        ReadWriteRecord record = new(s_id, inOut, null, null);
        Assert.Equal((expected, false, false), (record.Class!.Value, record.IsAtypical, record.IsGated));
        Assert.Null(record.TurnedGateOut);
    }

    [Fact]
    public void A_vector_of_zeros_has_no_class()
    {
        Assert.Null(new ReadWriteRecord(s_id, double.NaN, null, null).Class);
        Assert.Null(new ReadWriteRecord(s_id, 0.9, double.NaN, double.NaN).Class);
        Assert.Null(new ReadWriteRecord(s_id, double.NaN, 0.9, double.NaN).Class);
        Assert.False(new ReadWriteRecord(s_id, 0.9, double.NaN, double.NaN).IsAtypical);
    }
}
