namespace Keyhole.Web.Prompts;

/// <summary>A layer at the position.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Step">Where the layer's prediction comes from: residual, ffn, agreement, composition or overruled.</param>
/// <param name="R">The residual before the feed-forward layer's addition, by the model's own head.</param>
/// <param name="Y">What it adds, by the linear readout.</param>
/// <param name="O">The residual after it, by the model's own head.</param>
/// <param name="Strength">Sum of |m| |v| over all memories of the layer.</param>
/// <param name="Memories">The memories that add most, strongest first.</param>
public sealed record LayerAnswer(int Layer, string Step, StateAnswer R, StateAnswer Y, StateAnswer O, double Strength, IReadOnlyList<DominantMemoryAnswer> Memories);

/// <summary>A memory at the position.</summary>
/// <param name="Name">Its name, such as <c>L3N12</c>.</param>
/// <param name="Coefficient">m.</param>
/// <param name="RouterWeight">What the router multiplies its contribution by; null where the layer has none.</param>
/// <param name="Strength">|m| |v|, times the router's weight.</param>
/// <param name="Share">Its part of the layer's sum.</param>
/// <param name="Tokens">What it promotes here: the top tokens of its value, the bottom ones where m is below zero.</param>
public sealed record DominantMemoryAnswer(string Name, float Coefficient, float? RouterWeight, double Strength, double Share, IReadOnlyList<ValueTokenAnswer> Tokens);

/// <summary>A token of a value.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text.</param>
/// <param name="Logit">Its logit in the value itself.</param>
public sealed record ValueTokenAnswer(int Id, string? Text, float Logit);
