using System.Text.RegularExpressions;

namespace Keyhole.Engine.Checkpoints;

/// <summary>A model's name on the Hugging Face hub.</summary>
/// <param name="Id"><c>org/name</c>, or <c>name</c>.</param> <param name="Revision">A branch, a tag, a commit or the beginning of one; null for <c>main</c>.</param>
internal sealed partial record HuggingFaceName(string Id, string? Revision)
{
    private const int LongestId = 96;   // of the hub

    /// <summary>The model's folder in a cache.</summary>
    public string Folder => "models--" + Id.Replace("/", "--", StringComparison.Ordinal);

    /// <summary>Reads a name; null for what cannot be one.</summary>
    public static HuggingFaceName? Parse(string text)
    {
        Match match = Name().Match(text);
        string id = match.Groups["id"].Value;
        return match.Success && id.Length <= LongestId && !text.Contains("..", StringComparison.Ordinal) && !id.Contains("--", StringComparison.Ordinal)
            ? new HuggingFaceName(id, match.Groups["revision"] is { Success: true } revision ? revision.Value : null)
            : null;
    }

    // Each part begins with a letter or digit, so that no part is a dot folder.
    [GeneratedRegex(@"^(?<id>[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)?)(@(?<revision>[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*))?\z", RegexOptions.ECMAScript)]
    private static partial Regex Name();
}
