using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>One family of models: how its configuration and its tensor names become a <see cref="ModelSpec"/>.</summary>
internal interface IModelFamily
{
    /// <summary>The config's <c>model_type</c>.</summary>
    string Name { get; }

    /// <summary>GGUF's <c>general.architecture</c>; null where the family has no such files.</summary>
    string? GgufArchitecture => null;

    /// <summary>Describes a model in HF layout.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="checkpoint">Its weights: some names differ between exports.</param>
    ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint);

    /// <summary>Describes a GGUF file of <see cref="GgufArchitecture"/>.</summary>
    ModelSpec FromGguf(GgufFile file) => throw new NotSupportedException($"{Name} has no GGUF files.");
}
