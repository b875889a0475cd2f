namespace Keyhole.Engine.Capture;

/// <summary>One change of the coefficient of one memory in one row of a batch (site <see cref="Site.MlpPost"/>: after the activation, and after the product with the linear part where gated).</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Memory">Memory, counted through all experts of the layer.</param>
/// <param name="Row">Row of the batch.</param>
/// <param name="Operation">What is done.</param>
/// <param name="Value">With which number.</param>
public readonly record struct CoefficientChange(int Layer, int Memory, int Row, CoefficientOperation Operation, float Value);
