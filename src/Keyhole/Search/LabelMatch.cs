using Keyhole.Annotations;

namespace Keyhole.Search;

/// <summary>A label that holds the words that were looked for.</summary>
/// <param name="Label">The label.</param>
/// <param name="Place">Where they stand in its text, UTF-16.</param>
public sealed record LabelMatch(Label Label, Range Place);
