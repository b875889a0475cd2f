namespace Keyhole.Engine.Models;

/// <summary>How a forward pass uses the machine. No option changes a single bit of the results.</summary>
public sealed record ForwardOptions
{
    /// <summary>Worker threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Keep the packed weights of all layers; otherwise those of the running layer and the next.</summary>
    public bool KeepLayers { get; init; } = true;
}
