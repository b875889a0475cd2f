using System.Collections.Immutable;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>The families that Keyhole knows. A new one is a file in this folder and an entry here (docs/families.md).</summary>
public static class FamilyRegistry
{
    private static readonly ImmutableArray<IModelFamily> s_families =
    [
        new BloomFamily(), new FairseqFamily(), new FalconFamily(), new GemmaFamily(), new Gemma2Family(), new Gemma3Family(), new Gpt2Family(), new GptNeoFamily(), new GptNeoXFamily(),
        new GptJFamily(), new LlamaFamily(), new MistralFamily(), new MixtralFamily(), new OlmoFamily(), new Olmo2Family(), new OlmoeFamily(), new OptFamily(),
        new PhiFamily(), new Phi3Family(), new Qwen2Family(), new Qwen3Family(), new StableLmFamily(), new StarCoder2Family(),
    ];

    /// <summary>The known <c>model_type</c>s.</summary>
    public static IEnumerable<string> Names => s_families.Select(family => family.Name);

    /// <summary>Describes the model at a path.</summary>
    /// <param name="path">Folder in HF layout, GGUF file, or fairseq's checkpoint.</param>
    /// <param name="checkpoint">Its opened weights.</param>
    /// <exception cref="InputRefusedException">The family is unknown, or its configuration asks for something unsupported.</exception>
    public static ModelSpec Describe(string path, Checkpoint checkpoint)
    {
        if (checkpoint is GgufFile gguf)
        {
            string architecture = gguf.GetString("general.architecture");
            return s_families.FirstOrDefault(family => family.GgufArchitecture == architecture)?.FromGguf(gguf)
                ?? throw Unknown(path, "general.architecture", architecture, s_families.Select(family => family.GgufArchitecture).OfType<string>());
        }

        if (checkpoint is PyTorchFile { Arguments: { } arguments })
        {
            return new FairseqFamily().FromConfig(arguments, checkpoint);
        }

        string folder = Directory.Exists(path) ? path : System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        if (checkpoint is PyTorchFile saved && !File.Exists(System.IO.Path.Combine(folder, ModelConfig.FileName)))
        {
            saved.RequireArguments();
        }

        ModelConfig config = ModelConfig.Load(folder);
        string modelType = config.GetString("model_type");
        IModelFamily family = Find(modelType) ?? throw Unknown(path, "model_type", modelType, Names);
        ModelSpec spec = family.FromConfig(config, checkpoint);
        UnsupportedSettings.Refuse(config, modelType);
        return spec;
    }

    private static IModelFamily? Find(string name) => s_families.FirstOrDefault(family => family.Name == name);

    private static InputRefusedException Unknown(string path, string field, string value, IEnumerable<string> known)
        => new("KH3001", $"{path}: {field} {Naming.Quote(value)} is not a known family. Known: {string.Join(", ", known)}. docs/families.md tells how to add one.");
}
