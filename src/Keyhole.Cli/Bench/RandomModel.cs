using System.Runtime.InteropServices;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Cli.Bench;

/// <summary>Writes models of random weights for benchmarks.</summary>
internal static class RandomModel
{
    private const int MostAtOnce = 1 << 20;   // numbers written by one call

    /// <summary>Writes config.json and model.safetensors, uniform numbers from -scale to scale.</summary>
    /// <param name="folder">Receives the files.</param>
    /// <param name="config">The configuration.</param>
    /// <param name="type">F16 or BF16.</param>
    /// <param name="scale">Of the numbers.</param>
    /// <param name="tensors">Every tensor; one with a single dimension is a gain and becomes ones.</param>
    /// <param name="progress">Told the share that is written, or null.</param>
    /// <param name="stop">Stops it.</param>
    public static void Write(string folder, Dictionary<string, object> config, StorageType type, float scale, IReadOnlyList<(string Name, long[] Shape)> tensors, IProgress<double>? progress, CancellationToken stop)
    {
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(config));
        TensorDeclaration[] declared = [.. tensors.Select(tensor => new TensorDeclaration(tensor.Name, type, [.. tensor.Shape]))];
        using SafetensorsOutput output = SafetensorsWriter.Create(Path.Combine(folder, "model.safetensors"), declared);
        double total = tensors.Sum(tensor => (double)Count(tensor.Shape));
        double done = 0;
        ulong state = 1;
        var block = new ushort[MostAtOnce];
        foreach ((string name, long[] shape) in tensors)
        {
            long count = Count(shape);
            for (long at = 0; at < count; at += MostAtOnce)
            {
                stop.ThrowIfCancellationRequested();
                Span<ushort> part = block.AsSpan(0, (int)Math.Min(MostAtOnce, count - at));
                foreach (ref ushort bits in part)
                {
                    state = (state * 6364136223846793005) + 1442695040888963407;
                    float value = shape.Length == 1 ? 1 : ((state >> 40) * (2 * scale / (1 << 24))) - scale;
                    bits = type == StorageType.F16 ? BitConverter.HalfToUInt16Bits((Half)value) : (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
                }

                output.WriteBytes(name, MemoryMarshal.AsBytes(part));
                done += part.Length;
                progress?.Report(done / total);
            }
        }

        output.Complete();
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, dimension) => product * dimension);
}
