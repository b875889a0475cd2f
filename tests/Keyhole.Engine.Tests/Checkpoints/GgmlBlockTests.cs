using System.Runtime.InteropServices;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Every storage type against the values of the gguf package (0.19.0), and against a plain twin.</summary>
public sealed class GgmlBlockTests
{
    public static TheoryData<StorageType> Types =>
    [
        StorageType.F32, StorageType.F16, StorageType.BF16, StorageType.Q4_0, StorageType.Q4_1, StorageType.Q5_0, StorageType.Q5_1, StorageType.Q8_0,
        StorageType.Q2_K, StorageType.Q3_K, StorageType.Q4_K, StorageType.Q5_K, StorageType.Q6_K, StorageType.IQ4_NL, StorageType.IQ4_XS,
    ];

    [Theory]
    [MemberData(nameof(Types))]
    public void Decodes_exactly_what_the_reference_decoded(StorageType type) => CheckAgainst(CheckpointGolden.File("ggml-blocks.safetensors"), type);

    [Theory]
    [MemberData(nameof(Types))]
    public void Decodes_exactly_what_the_whole_reference_file_holds(StorageType type) => CheckAgainst(SharedData.Require("conformance", "gguf-types", "blocks.safetensors"), type);

    [Theory]
    [MemberData(nameof(Types))]
    public void Decodes_as_its_twin_does(StorageType type)
    {
        StorageFormat format = StorageFormat.Of(type)!;
        Random random = new(17);
        for (int blocks = 0; blocks <= 40; blocks++)   // covers every remainder of a vector for the types without blocks
        {
            byte[] bytes = new byte[blocks * format.BlockBytes];
            random.NextBytes(bytes);
            float[] values = new float[blocks * format.BlockElements];
            format.Decode!(bytes, values);
            float[] expected = new float[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                expected[i] = GgmlTwin.Element(type, bytes.AsSpan(i / format.BlockElements * format.BlockBytes, format.BlockBytes), i % format.BlockElements);
            }
            Assert.Equal(Bits(expected), Bits(values));
        }
    }

    [Fact]
    public void Every_half_is_exact()
    {
        ushort[] halves = [.. Enumerable.Range(0, 65536).Select(bits => (ushort)bits)];
        float[] values = new float[halves.Length];
        StorageFormat.Of(StorageType.F16)!.Decode!(MemoryMarshal.AsBytes<ushort>(halves), values);
        float[] expected = Array.ConvertAll(halves, bits => (float)BitConverter.UInt16BitsToHalf(bits));
        Assert.Equal(Bits(expected), Bits(values));

        float[] single = new float[1];
        for (int i = 0; i < halves.Length; i++)   // the path of a remainder
        {
            StorageFormat.Of(StorageType.F16)!.Decode!(MemoryMarshal.AsBytes(halves.AsSpan(i, 1)), single);
            values[i] = single[0];
        }
        Assert.Equal(Bits(expected), Bits(values));
    }

    [Fact]
    public void Doubles_are_rounded_to_the_nearest_float()
    {
        Random random = new(23);
        for (int length = 0; length <= 256; length++)
        {
            double[] doubles = [.. Enumerable.Range(0, length).Select(i => i % 8 == 7
                ? new[] { double.NaN, double.PositiveInfinity, double.MinValue, 1e39, 1e-45, -1e-300, -0.0, 1 + 1.0 / (1 << 24) }[i / 8 % 8]
                : BitConverter.Int64BitsToDouble(random.NextInt64()))];
            float[] values = new float[length];
            StorageFormat.Of(StorageType.F64)!.Decode!(MemoryMarshal.AsBytes(doubles.AsSpan()), values);
            Assert.Equal(Array.ConvertAll(doubles, value => (float)value), values);
        }
    }

    private static void CheckAgainst(string path, StorageType type)
    {
        using Checkpoint golden = Checkpoint.Open(path);
        TensorInfo raw = golden.Require($"{type}.raw");
        float[] expected = new float[golden.Require($"{type}.values").ElementCount];
        golden.ReadFloats(golden.Require($"{type}.values"), 0, expected);

        float[] values = new float[expected.Length];
        StorageFormat.Of(type)!.Decode!(golden.RawBytes(raw, 0, (int)raw.ByteLength), values);

        Assert.NotEmpty(expected);
        Assert.Equal(Bits(expected), Bits(values));
    }

    // NaN of any payload is one value.
    private static uint[] Bits(float[] values)
        => [.. MemoryMarshal.Cast<float, uint>(Array.ConvertAll(values, value => float.IsNaN(value) ? float.NaN : value))];
}
