using Keyhole.Engine.Tokens.PreTokenizers;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads the pre_tokenizer section.</summary>
internal static class PreTokenizerReader
{
    private const string Known = "ByteLevel, Whitespace, WhitespaceSplit, BertPreTokenizer, Metaspace, Punctuation, Digits, CharDelimiterSplit, Split, UnicodeScripts, FixedLength, Sequence";

    public static IPreTokenizer? Read(JsonPart part)
    {
        if (part.IsNull)
        {
            return null;
        }

        string type = part["type"].Text();
        return type switch
        {
            "Sequence" => Sequence(part["pretokenizers"]),
            "ByteLevel" => new ByteLevelPreTokenizer(part["add_prefix_space"].Flag(true), part["use_regex"].Flag(true)),
            "Split" => new PatternSplitter(PatternReader.Read(part["pattern"]), Behavior(part["behavior"]), part["invert"].Flag(false)),
            _ => throw TokenErrors.UnknownPart(part.File, part.Field, type, Known),
        };
    }

    private static SequencePreTokenizer Sequence(JsonPart items)
    {
        var steps = new List<IPreTokenizer>();
        foreach (JsonPart item in items.Items())
        {
            IPreTokenizer step = Read(item) ?? throw item.Refuse("a pre-tokenizer");
            if (step is SequencePreTokenizer nested)
            {
                steps.AddRange(nested.Steps);
            }
            else
            {
                steps.Add(step);
            }
        }

        return new SequencePreTokenizer(steps);
    }

    private static SplitBehavior Behavior(JsonPart part) =>
        Enum.TryParse(part.Text(), out SplitBehavior behavior) ? behavior : throw part.Refuse(string.Join(", ", Enum.GetNames<SplitBehavior>()));
}
