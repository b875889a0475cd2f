using Jint;
using Jint.Runtime;
using Keyhole.Reports.Figures;

namespace Keyhole.Reports.Svg;

/// <summary>Draws figures as SVG without a browser: Vega and Vega-Lite in a managed JavaScript interpreter.</summary>
/// <remarks>
/// The interpreter has the language alone: no file, no network, no clock. Text is measured by Vega's own estimate, as there is no canvas. One engine draws all figures;
/// starting it takes a few seconds, a figure about one.
/// </remarks>
internal sealed class FigureRenderer : IDisposable
{
    private const int DeepestRecursion = 4000;
    private readonly Jint.Engine _engine = new(options => options.LimitRecursion(DeepestRecursion));

    /// <summary>Loads the scripts.</summary>
    public FigureRenderer()
    {
        _engine.Execute(ReportResource.Text("svg-host.js"), "svg-host.js");
        _engine.Execute(ReportResource.Vendored("vega"), "vega.min.js");
        _engine.Execute(ReportResource.Vendored("vega-lite"), "vega-lite.min.js");
    }

    /// <summary>One figure as an SVG document.</summary>
    /// <param name="figure">A figure with rows.</param>
    /// <exception cref="InvalidOperationException">Vega could not draw it: an error of the program.</exception>
    public string Render(Figure figure)
    {
        try
        {
            _engine.Invoke("keyholeDraw", figure.Spec().ToJsonString());
            _engine.Advanced.ProcessTasks();
            string state = _engine.Evaluate("keyholeDrawing.state").AsString();
            string text = _engine.Evaluate("keyholeDrawing.text").AsString();
            return state == "drawn" ? text : throw new InvalidOperationException($"{figure.Key}: Vega did not draw it ({state}: {text})");
        }
        catch (JavaScriptException cause)
        {
            throw new InvalidOperationException($"{figure.Key}: Vega did not draw it ({cause.Message})", cause);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
