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

    /// <summary>The folder or file that was opened: the snapshot where a name in a Hugging Face cache was given.</summary>
    public string Path { get; }

    /// <summary>What the model is.</summary>
    public ModelSpec Spec { get; }

    /// <summary>Its tensors.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Opens a model (<see cref="Checkpoint.Open"/>) and checks that every tensor is there with its shape.</summary>
    /// <param name="path">Folder or file, or a name in a Hugging Face cache (<see cref="ModelPath.Resolve(string)"/>).</param>
    /// <exception cref="InputRefusedException">The path holds no model that can be run; the message says what is wrong.</exception>
    public static Model Open(string path)
    {
        string place = ModelPath.Resolve(path);
        Checkpoint checkpoint = Checkpoint.Open(place);
        try
        {
            ModelSpec spec = FamilyRegistry.Describe(place, checkpoint);
            TensorCheck.Run(spec, checkpoint);
            return new Model(place, spec, checkpoint);
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
