using System.Runtime.InteropServices;
using Keyhole.Engine;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;

namespace Keyhole.Verification;

/// <summary>A reference capture on disk: a safetensors file with <c>input_ids</c> and values at named sites.</summary>
internal sealed class ReferenceFile : IDisposable
{
    private const string InputIds = "input_ids";
    private readonly SafetensorsFile _file;

    private ReferenceFile(SafetensorsFile file) => _file = file;

    /// <summary>Every tensor but the ids.</summary>
    public IEnumerable<TensorInfo> Tensors => _file.Tensors.Values.Where(tensor => tensor.Name != InputIds);

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputRefusedException">It is missing or damaged.</exception>
    public static ReferenceFile Open(string path) => new(SafetensorsFile.Open(path));

    /// <summary>The token ids, [T].</summary>
    /// <exception cref="InputRefusedException">KH5901: there are none of the right kind; KH5902: the model cannot run them.</exception>
    public int[] Ids(ModelSpec model)
    {
        if (Find(InputIds) is not { } tensor)
        {
            throw new InputRefusedException("KH5901", $"'{_file.Path}' has no tensor '{InputIds}', so it is no reference capture; expected {InputIds} [T], I64 or I32, beside tensors named as 'keyhole capture' names them.");
        }
        if (tensor.Type is not (StorageType.I64 or StorageType.I32) || tensor.Shape.Length != 1 || tensor.ElementCount == 0)
        {
            throw new InputRefusedException("KH5901", $"'{_file.Path}': {InputIds} is {tensor.TypeName} [{string.Join(", ", tensor.Shape)}]; expected at least one id, I64 or I32, [T].");
        }
        if (tensor.ElementCount > model.ContextLength)
        {
            throw new InputRefusedException("KH5902", $"'{_file.Path}': {InputIds} has {tensor.ElementCount} ids, more than the model's context of {model.ContextLength}. Check that the file was made with this model.");
        }
        long[] ids = Integers(tensor);
        int wrong = Array.FindIndex(ids, id => id < 0 || id >= model.VocabularySize);
        return wrong < 0
            ? Array.ConvertAll(ids, id => (int)id)
            : throw new InputRefusedException("KH5902", $"'{_file.Path}': {InputIds}[{wrong}] is {ids[wrong]}, not an id of this model (0 to {model.VocabularySize - 1}). Check that the file was made with this model.");
    }

    /// <summary>The tensor of this name, or null.</summary>
    public TensorInfo? Find(string name) => _file.Tensors.GetValueOrDefault(name);

    /// <summary>Whether a tensor holds floating-point numbers.</summary>
    public static bool IsFloating(TensorInfo tensor) => tensor.Type is StorageType.F64 or StorageType.F32 or StorageType.F16 or StorageType.BF16;

    /// <summary>Whether a tensor holds 32- or 64-bit integers.</summary>
    public static bool IsInteger(TensorInfo tensor) => tensor.Type is StorageType.I64 or StorageType.I32;

    /// <summary>The values of a floating-point tensor, row-major.</summary>
    /// <exception cref="InputRefusedException">KH5904: one is NaN or infinite.</exception>
    public double[] Floats(TensorInfo tensor)
    {
        double[] values = tensor.Type == StorageType.F64
            ? MemoryMarshal.Cast<byte, double>(Bytes(tensor)).ToArray()
            : Array.ConvertAll(Singles(tensor), value => (double)value);
        int wrong = Array.FindIndex(values, value => !double.IsFinite(value));
        return wrong < 0
            ? values
            : throw new InputRefusedException("KH5904", $"'{_file.Path}': element {wrong} of tensor '{tensor.Name}' is NaN or infinite; a reference has finite values only. Make the capture again.");
    }

    /// <summary>The values of an integer tensor, row-major.</summary>
    public long[] Integers(TensorInfo tensor) => tensor.Type == StorageType.I64
        ? MemoryMarshal.Cast<byte, long>(Bytes(tensor)).ToArray()
        : Array.ConvertAll(MemoryMarshal.Cast<byte, int>(Bytes(tensor)).ToArray(), value => (long)value);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private ReadOnlySpan<byte> Bytes(TensorInfo tensor) => _file.RawBytes(tensor, 0, checked((int)tensor.ByteLength));

    private float[] Singles(TensorInfo tensor)
    {
        var values = new float[tensor.ElementCount];
        _file.ReadFloats(tensor, 0, values);
        return values;
    }
}
