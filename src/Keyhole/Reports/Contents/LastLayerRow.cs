namespace Keyhole.Reports.Contents;

/// <summary>A composition in the last layer: the output is neither the residual's top token nor the update's.</summary>
/// <param name="Prefix">The prefix as text.</param>
/// <param name="Residual">top(r).</param>
/// <param name="Update">top(y).</param>
/// <param name="Output">top(o).</param>
/// <param name="Target">The token that follows in the text; empty where it ends there.</param>
internal sealed record LastLayerRow(string Prefix, string Residual, string Update, string Output, string Target);
