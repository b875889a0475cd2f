using Keyhole.Engine.Tokens.Patterns;
using Keyhole.Engine.Tokens.PreTokenizers;
using Keyhole.Engine.Tokens.Text;

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
            "Whitespace" => ClassSplitter.Words(),
            "WhitespaceSplit" => ClassSplitter.WhiteSpaceSplit(),
            "BertPreTokenizer" => new SequencePreTokenizer([ClassSplitter.WhiteSpaceSplit(), Punctuation(SplitBehavior.Isolated)]),
            "Metaspace" => Metaspace(part),
            "Punctuation" => Punctuation(part["behavior"].IsNull ? SplitBehavior.Isolated : Behavior(part["behavior"])),
            "Digits" => new PatternSplitter(
                new CharacterPattern(codePoint => (CodePoints.ClassOf(codePoint) & CharClass.Number) != 0),
                part["individual_digits"].Flag(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "CharDelimiterSplit" => new PatternSplitter(new LiteralPattern(part["delimiter"].Text()), SplitBehavior.Removed),
            "UnicodeScripts" => new ScriptSplitter(),
            "FixedLength" => new FixedLengthSplitter(part["length"].Integer(1)),
            "Split" => new PatternSplitter(PatternReader.Read(part["pattern"]), Behavior(part["behavior"]), part["invert"].Flag(false)),
            _ => throw TokenErrors.UnknownPart(part.File, part.Field, type, Known),
        };
    }

    private static PatternSplitter Punctuation(SplitBehavior behavior) => new(new CharacterPattern(CodePoints.IsPunctuation), behavior);

    private static MetaspacePreTokenizer Metaspace(JsonPart part)
    {
        string scheme = MetaspaceScheme.Read(part);
        return new MetaspacePreTokenizer(
            part["replacement"].Text("▁"), scheme != MetaspaceScheme.Never, scheme == MetaspaceScheme.First, part["split"].Flag(true));
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
        Enum.GetNames<SplitBehavior>().Contains(part.Text()) ? Enum.Parse<SplitBehavior>(part.Text()) : throw part.Refuse(string.Join(", ", Enum.GetNames<SplitBehavior>()));
}
