using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;

namespace Keyhole.Verification;

/// <summary>Runs the ids of reference captures through a model and measures how far its values are from theirs.</summary>
/// <remarks>Not thread-safe: one file at a time on an instance.</remarks>
public sealed class ReferenceCheck : IDisposable
{
    private readonly Model _model;
    private readonly ForwardPass _pass;

    /// <summary>Prepares a forward pass.</summary>
    /// <param name="model">The model, which must outlive the check.</param>
    /// <param name="threads">Worker threads; the figures do not depend on them.</param>
    public ReferenceCheck(Model model, int threads)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _pass = new ForwardPass(model, new ForwardOptions { Threads = threads, KeepLayers = false });
    }

    /// <summary>One forward pass over a file's ids, every tensor that names a site compared.</summary>
    /// <param name="path">A safetensors file: <c>input_ids</c> [T] and tensors in the forms of <see cref="ReferenceForm"/>.</param>
    /// <param name="cancellation">Stops the pass.</param>
    /// <exception cref="InputRefusedException">The file is damaged, is of another model, or holds nothing that can be compared.</exception>
    /// <exception cref="NotFiniteException">The model gives NaN or infinity on these ids.</exception>
    public ReferenceResult Run(string path, CancellationToken cancellation = default)
    {
        using ReferenceFile file = ReferenceFile.Open(path);
        int[] ids = file.Ids(_model.Spec);
        var names = new List<ReferenceName>();
        List<LeftOut> leftOut = Sort(file, path, names);
        if (names.Count == 0)
        {
            throw new InputRefusedException("KH5905", $"'{path}' holds no tensor that can be compared{Examples(leftOut)}; expected names as 'keyhole capture' writes them, such as 'blocks.0.hook_resid_post' or 'logits'.");
        }
        ModelSpec spec = _model.Spec;
        names.ForEach(name => new ReferenceShape(spec, path, ids.Length).Require(name, file));
        var capture = new SiteCapture(spec, ids.Length, [.. names.Select(name => SiteName.Of(name.Site, name.Layer)).Distinct()]);
        _pass.Run(TokenBatch.OfText(ids), capture, cancellation);
        var values = new ReferenceValues(file, path, ids);
        SiteDifference[] compared = [.. names
            .OrderBy(name => name.Site == Site.Logits).ThenBy(name => name.Layer).ThenBy(name => name.Site).ThenBy(name => name.Name, StringComparer.Ordinal)
            .Select(name => SiteDifference.Of(name, file.Floats(file.Find(name.Name)!), values.Of(name, capture.Values(name.Site, name.Site == Site.Logits ? spec.LayerCount : name.Layer))))];
        return new ReferenceResult(path, ids.Length, compared, leftOut);
    }

    /// <inheritdoc/>
    public void Dispose() => _pass.Dispose();

    // Names that can be compared go into `names`; the others come back with the reason.
    private List<LeftOut> Sort(ReferenceFile file, string path, List<ReferenceName> names)
    {
        var leftOut = new List<LeftOut>();
        var columns = new HashSet<string>(StringComparer.Ordinal);
        foreach (TensorInfo tensor in file.Tensors)
        {
            if (!ReferenceName.TryRead(tensor.Name, out ReferenceName? name, out string reason))
            {
                leftOut.Add(new LeftOut(tensor.Name, reason));
            }
            else if (name!.Site != Site.Logits && name.Layer >= _model.Spec.LayerCount)
            {
                throw new InputRefusedException("KH5905", $"'{path}' has a tensor '{tensor.Name}', but the model has layers 0 to {_model.Spec.LayerCount - 1} only. Check that the file was made with this model.");
            }
            else if (Unusable(file, name, tensor) is { } why)
            {
                leftOut.Add(new LeftOut(tensor.Name, why));
            }
            else
            {
                names.Add(name);
                columns.Add(name.Columns ?? "");
            }
        }
        leftOut.RemoveAll(left => columns.Contains(left.Name));
        return leftOut;
    }

    private string? Unusable(ReferenceFile file, ReferenceName name, TensorInfo tensor)
        => !ReferenceFile.IsFloating(tensor) ? $"{tensor.TypeName} is no floating-point type"
            : tensor.ElementCount == 0 ? "it is empty"
            : name.Site == Site.MlpPreLinear && !_model.Spec.Blocks[name.Layer].FeedForward.IsGated ? "the feed-forward layer of this model is not gated"
            : name.Columns is { } columns && !(file.Find(columns) is { } found && ReferenceFile.IsInteger(found)) ? $"'{columns}' is not beside it, I64 or I32"
            : null;

    private static string Examples(List<LeftOut> leftOut)
        => leftOut.Count == 0 ? "" : $" ({string.Join("; ", leftOut.Take(3).Select(left => $"'{left.Name}': {left.Reason}"))})";
}
