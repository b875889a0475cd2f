using Keyhole.Engine.Checkpoints.PyTorch;

namespace Keyhole.Engine.Checkpoints;

/// <summary>
/// A file of torch.save, of the zip container or of the one before PyTorch 1.6: the tensors of its state dict. Its pickle is interpreted with a fixed
/// list of opcodes and names; nothing in it is executed.
/// </summary>
/// <remarks>
/// The state dict is the saved object itself, or what it has under <c>state_dict</c>, <c>model</c> or <c>module</c>. Several tensors may lie on the
/// same bytes (tied weights), and a tensor may be a view with other strides than row-major ones, such as a transposed one: it is read as what it shows.
/// </remarks>
public sealed class PyTorchFile : Checkpoint
{
    private readonly IReadOnlyDictionary<string, string> _others;
    private readonly string? _argumentsFault;

    private PyTorchFile(MappedFile file, OrderedDictionary<string, TensorInfo> tensors, PyTorchTensors content)
        : base([file], tensors)
    {
        Path = file.Path;
        Arguments = content.Arguments;
        _others = content.Others;
        _argumentsFault = content.ArgumentsFault;
    }

    /// <inheritdoc/>
    public override string Path { get; }

    /// <summary>
    /// The training script's arguments as fairseq keeps them (<c>args</c>, else <c>cfg["model"]</c>): values as in a <c>config.json</c>, whose
    /// <see cref="ModelConfig.File"/> is this file; null where there are none that can be read.
    /// </summary>
    public ModelConfig? Arguments { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputRefusedException">It is missing, cut short, damaged, or holds something else than a state dict.</exception>
    public static new PyTorchFile Open(string path)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            PyTorchTensors content = PyTorchTensors.Read(file);
            OrderedDictionary<string, TensorInfo> byName = new(content.Tensors.Count, StringComparer.Ordinal);
            foreach (TensorInfo tensor in content.Tensors)
            {
                byName.Add(tensor.Name, tensor);   // names are distinct: they are the keys of a dict
            }
            return new PyTorchFile(file, byName, content);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary><see cref="Arguments"/>, where a model cannot be known without them.</summary>
    /// <exception cref="InputRefusedException">There are none; the message says what there is.</exception>
    public ModelConfig RequireArguments() => Arguments ?? throw new InputRefusedException(CheckpointCodes.PyTorchContent,
        $"'{Path}' does not say what its model is: {_argumentsFault}. Put the model's config.json beside it, or convert the model with transformers.");

    private protected override string? WhyAbsent(string name)
        => _others.TryGetValue(name, out string? kind) ? $"it is {kind}, which is not read as a tensor" : null;
}
