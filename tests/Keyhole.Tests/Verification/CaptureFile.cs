using System.Runtime.InteropServices;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;

namespace Keyhole.Tests.Verification;

/// <summary>A reference capture that a test makes, changes and writes.</summary>
internal sealed class CaptureFile
{
    /// <summary>Tensors by name: type, shape, little-endian bytes.</summary>
    public Dictionary<string, (StorageType Type, long[] Shape, byte[] Bytes)> Tensors { get; } = [];

    /// <summary>All sites of a model on these ids.</summary>
    public static CaptureFile Of(string modelPath, params int[] ids)
    {
        using Model model = Model.Open(modelPath);
        var capture = new SiteCapture(model.Spec, ids.Length, ["*"]);
        using (var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 }))
        {
            pass.Run(TokenBatch.OfText(ids), capture);
        }
        var file = new CaptureFile();
        file.Set("input_ids", ids.Select(id => (long)id), ids.Length);
        foreach ((string name, long[] shape, float[] values) in capture.Captured())
        {
            file.Set(name, values, shape);
        }
        return file;
    }

    /// <summary>Values of an F32 tensor.</summary>
    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Tensors[name].Bytes).ToArray();

    public void Set(string name, IEnumerable<float> values, params long[] shape) => Tensors[name] = (StorageType.F32, shape, MemoryMarshal.AsBytes(values.ToArray().AsSpan()).ToArray());

    public void Set(string name, IEnumerable<double> values, params long[] shape) => Tensors[name] = (StorageType.F64, shape, MemoryMarshal.AsBytes(values.ToArray().AsSpan()).ToArray());

    public void Set(string name, IEnumerable<long> values, params long[] shape) => Tensors[name] = (StorageType.I64, shape, MemoryMarshal.AsBytes(values.ToArray().AsSpan()).ToArray());

    public void Set(string name, IEnumerable<int> values, params long[] shape) => Tensors[name] = (StorageType.I32, shape, MemoryMarshal.AsBytes(values.ToArray().AsSpan()).ToArray());

    /// <summary>Keeps only the ids and the tensors of these names.</summary>
    public CaptureFile Keep(params string[] names)
    {
        foreach (string name in Tensors.Keys.Where(name => name != "input_ids" && !names.Contains(name)).ToArray())
        {
            Tensors.Remove(name);
        }
        return this;
    }

    public string Write(string path)
    {
        using SafetensorsOutput output = SafetensorsWriter.Create(path, [.. Tensors.Select(tensor => new TensorDeclaration(tensor.Key, tensor.Value.Type, [.. tensor.Value.Shape]))]);
        foreach ((string name, (StorageType _, long[] _, byte[] bytes)) in Tensors)
        {
            output.WriteBytes(name, bytes);
        }
        output.Complete();
        return path;
    }
}
