using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models.Families;

namespace Keyhole.Engine.Models;

/// <summary>A model on disk: its description and its mapped weights. Running it is <see cref="ForwardPass"/>'s work.</summary>
public sealed class Model : IDisposable
{
    private Model(string path, ModelSpec spec, Checkpoint checkpoint)
    {
        Path = path;
        Spec = spec;
        Checkpoint = checkpoint;
    }

    /// <summary>The folder or file that was opened.</summary>
    public string Path { get; }

    /// <summary>What the model is.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Its tensors.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Opens a model folder (HF layout) or a GGUF file and checks that every tensor is there with its shape.</summary>
    /// <param name="path">Folder or file.</param>
    /// <exception cref="InputRefusedException">The path holds no model that can be run; the message says what is wrong.</exception>
    public static Model Open(string path)
    {
        Checkpoint checkpoint = Checkpoint.Open(path);
        try
        {
            ModelSpec spec = FamilyRegistry.Describe(path, checkpoint);
            TensorCheck.Run(spec, checkpoint);
            return new Model(path, spec, checkpoint);
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Checkpoint.Dispose();
}
