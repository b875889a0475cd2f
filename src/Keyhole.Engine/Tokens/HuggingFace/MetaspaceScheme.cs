namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Where Metaspace puts its mark before a text, by the names of the files.</summary>
internal static class MetaspaceScheme
{
    public const string Always = "always";
    public const string First = "first";
    public const string Never = "never";

    /// <summary>The scheme of a Metaspace section; older files have add_prefix_space instead.</summary>
    public static string Read(JsonPart part)
    {
        string scheme = part["prepend_scheme"].Text(part["add_prefix_space"].Flag(true) ? Always : Never);
        return scheme is Always or First or Never ? scheme : throw part["prepend_scheme"].Refuse("always, first or never");
    }
}
