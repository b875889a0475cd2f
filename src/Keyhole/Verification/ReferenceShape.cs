using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;

namespace Keyhole.Verification;

/// <summary>Checks shapes of a reference capture before anything is run.</summary>
/// <param name="spec">The model.</param>
/// <param name="path">The file, for messages.</param>
/// <param name="tokens">T.</param>
internal sealed class ReferenceShape(ModelSpec spec, string path, int tokens)
{
    /// <summary>Refuses a tensor, or the tensor of its columns, of a shape that does not fit the model and the ids.</summary>
    /// <exception cref="InputRefusedException">KH5903.</exception>
    public void Require(ReferenceName name, ReferenceFile file)
    {
        TensorInfo tensor = file.Find(name.Name)!;
        (bool fits, string expected) = Fit(name, tensor);
        if (!fits)
        {
            throw Refusal(tensor, expected);
        }
        if (name.Columns is { } columns && file.Find(columns) is { } other && !other.Shape.AsSpan().SequenceEqual(tensor.Shape.AsSpan()))
        {
            throw Refusal(other, $"the shape of '{tensor.Name}', [{string.Join(", ", tensor.Shape)}]");
        }
    }

    private (bool Fits, string Expected) Fit(ReferenceName name, TensorInfo tensor)
    {
        int width = name.Site switch
        {
            Site.Logits => spec.VocabularySize,
            Site.MlpPre or Site.MlpPreLinear or Site.MlpPost => spec.Blocks[name.Layer].FeedForward.MemoryCount,
            _ => spec.Width,
        };
        return (name.Form, tensor.Shape.ToArray()) switch
        {
            (ReferenceForm.Values, [long rows, long columns]) when name.Site == Site.Logits => (rows <= tokens && columns == width, $"[up to {tokens}, {width}]"),
            (ReferenceForm.Values or ReferenceForm.LogProbabilities, [long rows, long columns]) => (rows == tokens && columns == width, $"[{tokens}, {width}]"),
            (ReferenceForm.Values or ReferenceForm.LogProbabilities, _) => (false, $"[{tokens}, {width}]"),
            (ReferenceForm.Norms, [long rows]) => (rows == tokens, $"[{tokens}]"),
            (ReferenceForm.Norms, _) => (false, $"[{tokens}]"),
            (ReferenceForm.NextLogProbability, [long rows]) => (rows == tokens - 1, $"[{tokens - 1}]"),
            (ReferenceForm.NextLogProbability, _) => (false, $"[{tokens - 1}]"),
            (_, [long rows, long columns]) => (rows == tokens && columns <= width, $"[{tokens}, up to {width}]"),
            _ => (false, $"[{tokens}, up to {width}]"),
        };
    }

    private InputRefusedException Refusal(TensorInfo tensor, string expected)
        => new("KH5903", $"'{path}': tensor '{tensor.Name}' has the shape [{string.Join(", ", tensor.Shape)}]; with these ids and this model it must be {expected}. Check that the file was made with this model.");
}
