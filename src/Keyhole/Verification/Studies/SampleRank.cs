using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;
using Keyhole.Studies;

namespace Keyhole.Verification.Studies;

/// <summary>What the sample of a memory is ordered by, larger first.</summary>
internal static class SampleRank
{
    /// <summary>A memory's part of the hash.</summary>
    public static uint MemoryHash(ModelShape shape, MiningRules rules, NeuronId id) => QuantileSample.MemoryHash(rules.Seed, id.Layer, (Math.Max(0, id.Expert) * shape.Widths[id.Layer]) + id.Index);

    /// <summary>The rank of an example.</summary>
    public static float Of(MiningRules rules, uint memory, Trigger example) => QuantileSample.Rank(QuantileSample.PositionHash(rules.Seed, example.Unit, example.Position), memory);
}
