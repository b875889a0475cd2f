using Keyhole.Engine.Tokens.Patterns;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads <c>{"String": ...}</c> and <c>{"Regex": ...}</c>.</summary>
internal static class PatternReader
{
    public static IPattern Read(JsonPart part)
    {
        if (part.IsObject && !part["String"].IsNull)
        {
            return new LiteralPattern(part["String"].Text());
        }

        if (!part.IsObject || part["Regex"].IsNull)
        {
            throw part.Refuse("{\"String\": ...} or {\"Regex\": ...}");
        }

        return PatternFactory.Create(part.File, part["Regex"].Text());
    }
}
