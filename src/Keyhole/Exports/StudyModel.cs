using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Opens the model that a study was made of, for formats that show whole texts with their coefficients.</summary>
internal static class StudyModel
{
    /// <summary>Opens it where it is said to be, or else where the study says it was.</summary>
    /// <param name="study">The study.</param>
    /// <param name="path">The model's path, or null.</param>
    /// <exception cref="InputRefusedException">KH5131: it is not there; KH5132: it is another model; or it cannot be used.</exception>
    public static Model Open(Study study, string? path)
    {
        string recorded = study.Provenance.ModelPath;
        if (path is null && !File.Exists(recorded) && !Directory.Exists(recorded))
        {
            throw new InputRefusedException("KH5131", $"this format shows whole texts with their coefficients, which the model gives; it is not at '{recorded}', where the study says it was: give it with --model MODEL.");
        }

        Model model = Model.Open(path ?? recorded);
        try
        {
            if (Difference(study.Shape, model.Spec) is { } difference)
            {
                throw new InputRefusedException("KH5132", $"{model.Path}: this is not the model of the study: {difference}. Give the model that was mined with --model.");
            }

            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a model that gives other coefficients than the study has.</summary>
    /// <param name="id">The memory.</param>
    /// <param name="unit">The unit.</param>
    /// <param name="position">The position.</param>
    /// <param name="kept">What the study keeps.</param>
    /// <param name="found">What the model gives.</param>
    /// <exception cref="InputRefusedException">KH5132.</exception>
    public static void RequireSame(NeuronId id, int unit, int position, float kept, float found)
    {
        // Every machine gives the same bits; the room is for a model that was stored anew in the same precision.
        if (!(Math.Abs(kept - found) <= 1e-4f * Math.Max(1, Math.Abs(kept))))
        {
            throw new InputRefusedException("KH5132", FormattableString.Invariant($"this is not the model of the study: {id} gives {found} at unit {unit}, position {position}, where the study has {kept}. Give the model that was mined with --model."));
        }
    }

    private static string? Difference(ModelShape shape, ModelSpec spec)
    {
        int[] widths = [.. spec.Blocks.Select(block => block.FeedForward.MemoryCount)];
        if (widths.Length != shape.Layers)
        {
            return $"it has {widths.Length} layers, the study's has {shape.Layers}";
        }

        for (int layer = 0; layer < widths.Length; layer++)
        {
            if (widths[layer] != shape.Widths[layer])
            {
                return $"its layer {layer} has {widths[layer]} memories, the study's has {shape.Widths[layer]}";
            }
        }

        return spec.VocabularySize != shape.VocabularySize ? $"its vocabulary has {spec.VocabularySize} tokens, the study's has {shape.VocabularySize}" : null;
    }
}
