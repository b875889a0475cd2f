namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>An <c>argparse.Namespace</c>: the arguments that a training script was started with.</summary>
internal sealed class PickleNamespace
{
    /// <summary>Its attributes.</summary>
    public PickleDictionary Attributes { get; } = new();
}
