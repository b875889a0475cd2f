using System.Globalization;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>What a file of torch.save holds: the tensors of its state dict, and the arguments of the training script where it kept them.</summary>
/// <param name="Tensors">In the order of their places in the file. Several may lie on the same bytes (tied weights).</param>
/// <param name="Others">Entries of the state dict that are not read as tensors, with the name of what they are.</param>
/// <param name="Arguments">As fairseq keeps them; null where there are none.</param>
/// <param name="ArgumentsFault">Why there are no arguments; null where there are some.</param>
internal sealed record PyTorchTensors(List<TensorInfo> Tensors, IReadOnlyDictionary<string, string> Others, ModelConfig? Arguments, string? ArgumentsFault)
{
    private static readonly string[] s_holders = ["state_dict", "model", "module"];

    /// <summary>Whether a file begins as one of torch.save.</summary>
    public static bool Begins(ReadOnlySpan<byte> start) => start is [(byte)'P', (byte)'K', 3, 4, ..] or [0x80, >= 2 and <= 5, ..];

    /// <summary>Reads a file of either container.</summary>
    /// <exception cref="InputRefusedException">It is damaged, or holds no state dict.</exception>
    public static PyTorchTensors Read(MappedFile file)
    {
        object? root = file.Slice(0, (int)Math.Min(file.Length, 4)) is [(byte)'P', (byte)'K', ..] ? ZipContainer.Read(file) : LegacyContainer.Read(file);
        PickleDictionary saved = root as PickleDictionary ?? throw new InputRefusedException(CheckpointCodes.PyTorchContent,
            $"'{file.Path}' holds {Describe(root)} and not a dict of tensors; save the model's state_dict() with torch.save, or convert it to safetensors.");
        PickleDictionary state = s_holders.Select(holder => saved[holder]).OfType<PickleDictionary>().FirstOrDefault() ?? saved;

        List<TensorInfo> tensors = [];
        Dictionary<string, string> others = new(StringComparer.Ordinal);
        foreach ((string name, object? value) in state.Entries)
        {
            if (value is PyTorchTensor tensor)
            {
                tensors.Add(Locate(file, name, tensor));
            }
            else
            {
                others.Add(name, Describe(value));
            }
        }
        if (tensors.Count == 0)
        {
            throw new InputRefusedException(CheckpointCodes.PyTorchContent, $"'{file.Path}' holds no tensors where a state dict has them; its keys are {Naming.List([.. saved.Entries.Select(entry => entry.Key)])}. Save the model's state_dict() with torch.save, or convert it to safetensors.");
        }
        tensors.Sort((a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset)
            : a.ByteLength != b.ByteLength ? a.ByteLength.CompareTo(b.ByteLength)
            : string.CompareOrdinal(a.Name, b.Name));
        (ModelConfig? arguments, string? fault) = ReadArguments(file, saved);
        return new PyTorchTensors(tensors, others, arguments, fault);
    }

    private static TensorInfo Locate(MappedFile file, string name, PyTorchTensor tensor)
    {
        if (tensor.Storage.Offset is not long start)
        {
            throw new InputRefusedException(CheckpointCodes.Truncated, string.Create(CultureInfo.InvariantCulture,
                $"'{file.Path}': tensor {Naming.Quote(name)} lies in the storage {Naming.Quote(tensor.Storage.Key)} of {tensor.Storage.ByteLength} bytes, which is not in the file, or is shorter; copy or download it again."));
        }
        TensorLayout.TryCount(tensor.Shape.AsSpan(), out long elements);
        return new TensorInfo(name, tensor.Kind.Type, tensor.Shape, file.Path, start + tensor.ByteStart, elements * tensor.Kind.Bytes) { TypeName = tensor.Kind.Name, Strides = tensor.Strides };
    }

    // fairseq 0.9 and before keep an argparse.Namespace 'args'; later versions a dict 'cfg', whose 'model' is a Namespace or a dict.
    private static (ModelConfig? Arguments, string? Fault) ReadArguments(MappedFile file, PickleDictionary saved)
    {
        object? given = saved["args"] ?? (saved["cfg"] is PickleDictionary settings ? settings["model"] : saved["cfg"]);
        PickleDictionary? values = given is PickleNamespace space ? space.Attributes : given as PickleDictionary;
        return values is not null
            ? (ModelConfig.Of(file.Path, PickleJson.Convert(file.Path, values)), null)
            : (null, given is null ? "it has neither 'args' nor 'cfg'" : $"its 'args' or 'cfg' is {Describe(given)}, of which only a Namespace or plain dicts are read");
    }

    private static string Describe(object? value) => value switch
    {
        null => "None",
        PickleOpaque opaque => $"an object of {Naming.Quote(opaque.Kind)}",
        PickleGlobal global => $"the name {Naming.Quote(global.Name)}",
        PyTorchTensor => "a tensor",
        StorageView => "a storage",
        PickleDictionary => "a dict",
        PickleNamespace => "a Namespace",
        string => "a string",
        bool => "a truth value",
        object?[] or List<object?> => "a list",
        _ => "a number",
    };
}
