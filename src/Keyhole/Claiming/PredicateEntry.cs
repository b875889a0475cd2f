using System.Globalization;

namespace Keyhole.Claiming;

/// <summary>A token as a claim names it: by its text, or by its id.</summary>
/// <param name="Text">Its text; null where the id is given.</param>
/// <param name="Id">Its id; -1 where the text is given.</param>
public readonly record struct PredicateEntry(string? Text, int Id = -1)
{
    /// <inheritdoc/>
    public override string ToString() => Text is null ? Id.ToString(CultureInfo.InvariantCulture) : $"'{Text}'";
}
