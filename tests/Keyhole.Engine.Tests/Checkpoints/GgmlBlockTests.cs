using System.Runtime.InteropServices;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Every block type against values that the gguf package (0.19.0) decoded from random blocks.</summary>
public sealed class GgmlBlockTests
{
    public static TheoryData<StorageType> Types =>
    [
        StorageType.F32, StorageType.F16, StorageType.BF16, StorageType.Q4_0, StorageType.Q4_1, StorageType.Q5_0, StorageType.Q5_1, StorageType.Q8_0,
        StorageType.Q2_K, StorageType.Q3_K, StorageType.Q4_K, StorageType.Q5_K, StorageType.Q6_K, StorageType.IQ4_NL, StorageType.IQ4_XS,
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Decodes_exactly_what_the_reference_decoded(StorageType type)
    {
        using Checkpoint golden = Checkpoint.Open(Path.Combine(SharedData.Repository, "tests", "Keyhole.Engine.Tests", "Golden", "checkpoints", "ggml-blocks.safetensors"));
        TensorInfo raw = golden.Require($"{type}.raw");
        float[] expected = new float[golden.Require($"{type}.values").ElementCount];
        golden.ReadFloats(golden.Require($"{type}.values"), 0, expected);

        float[] values = new float[expected.Length];
        StorageFormat.Of(type)!.Decode!(golden.RawBytes(raw, 0, (int)raw.ByteLength), values);

        Assert.Equal(Bits(expected), Bits(values));
    }

    // NaN of any payload is one value.
    private static uint[] Bits(float[] values)
        => [.. MemoryMarshal.Cast<float, uint>(Array.ConvertAll(values, value => float.IsNaN(value) ? float.NaN : value))];
}
