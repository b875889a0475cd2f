using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Processors;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads the post_processor section.</summary>
internal static class PostProcessorReader
{
    private const string Known = "TemplateProcessing, ByteLevel, BertProcessing, RobertaProcessing, Sequence";

    public static IReadOnlyList<IPostStep> Read(JsonPart part)
    {
        if (part.IsNull)
        {
            return [];
        }

        string type = part["type"].Text();
        switch (type)
        {
            case "Sequence":
                return [.. part["processors"].Items().SelectMany(Read)];
            case "ByteLevel":
                return part["trim_offsets"].Flag(true) ? [new TrimStep(part["add_prefix_space"].Flag(true))] : [];
            case "BertProcessing":
                return [Wrap(part)];
            case "RobertaProcessing":
                return part["trim_offsets"].Flag(true) ? [new TrimStep(part["add_prefix_space"].Flag(true)), Wrap(part)] : [Wrap(part)];
            case "TemplateProcessing":
                return [Template(part)];
            default:
                throw TokenErrors.UnknownPart(part.File, part.Field, type, Known);
        }
    }

    private static WrapStep Wrap(JsonPart part) => new([SpecialId(part["cls"])], [SpecialId(part["sep"])]);

    private static int SpecialId(JsonPart pair)
    {
        JsonPart[] items = [.. pair.Items()];
        return items.Length == 2 ? items[1].Integer(0, Vocabulary.MaximumId) : throw pair.Refuse("[token, id]");
    }

    private static WrapStep Template(JsonPart part)
    {
        var before = new List<int>();
        var after = new List<int>();
        bool seen = false;
        foreach (JsonPart piece in part["single"].Items())
        {
            if (!piece["Sequence"].IsNull)
            {
                if (seen || piece["Sequence"]["id"].Text() != "A")
                {
                    throw piece.Refuse("the text (sequence A) exactly once");
                }

                seen = true;
                continue;
            }

            string name = piece["SpecialToken"]["id"].Text();
            JsonPart token = part["special_tokens"][name];
            (seen ? after : before).AddRange(token["ids"].Items().Select(id => id.Integer(0, Vocabulary.MaximumId)));
        }

        return seen ? new WrapStep([.. before], [.. after]) : throw part["single"].Refuse("the text (sequence A) exactly once");
    }
}
