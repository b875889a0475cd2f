using System.Text.Json;
using Keyhole.Engine.Tokens.Models;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Special tokens that the files beside a tokenizer name: by content (tokenizer_config.json, special_tokens_map.json) or by id (config.json).
/// Whether BOS and EOS are added matters only where the tokenizer's own file does not say it.</summary>
internal sealed record SpecialNames(string? Bos, string? Eos, string? Unknown, int? BosId, int? EosId, bool AddsBos, bool AddsEos, string? Pad, bool AddsPrefixSpace)
{
    private const long LargestFile = 16L << 20;

    /// <summary>Reads what there is in a folder; a file that is not there says nothing.</summary>
    public static SpecialNames Read(string folder)
    {
        JsonPart? config = ReadFile(Path.Combine(folder, "tokenizer_config.json"));
        JsonPart? map = ReadFile(Path.Combine(folder, "special_tokens_map.json"));
        JsonPart? model = ReadFile(Path.Combine(folder, "config.json"));
        string? Name(string field) => Content(config, field) ?? Content(map, field);
        return new SpecialNames(Name("bos_token"), Name("eos_token"), Name("unk_token"), Id(model, "bos_token_id"), Id(model, "eos_token_id"),
            Flag(config, "add_bos_token") ?? AddsBosByItself(config), Flag(config, "add_eos_token") ?? false,
            Name("pad_token"), Flag(config, "add_prefix_space") ?? false);
    }

    /// <summary>The ids, as far as the names are in the vocabulary.</summary>
    public SpecialIds Resolve(TokenizerParts parts)
    {
        int size = Math.Max(parts.Model.Vocabulary.Size, parts.Added.Size);
        int? Find(string? name, int? id) =>
            name is null ? (id < size ? id : null)
            : parts.Added.IdOf(name) ?? (parts.Model.Vocabulary.Find(name) is >= 0 and int known ? known : null);
        return new SpecialIds(Find(Bos, BosId), Find(Eos, EosId), Find(Unknown, null));
    }

    private static JsonPart? ReadFile(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(TokenFiles.ReadJson(path, LargestFile), new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return new JsonPart(path, "", document.RootElement.Clone());
        }
        catch (JsonException exception)
        {
            throw TokenErrors.Unreadable(path, "it is no whole JSON file.", exception);
        }
    }

    private static bool? Flag(JsonPart? file, string field) => file is { IsObject: true } part && !part[field].IsNull ? part[field].Flag(false) : null;

    /// <summary>Classes that add BOS where their file does not say otherwise.</summary>
    private static bool AddsBosByItself(JsonPart? config)
    {
        string name = config is { IsObject: true } part && part["tokenizer_class"].IsText ? part["tokenizer_class"].Text() : "";
        return name.StartsWith("Llama", StringComparison.Ordinal) || name.StartsWith("OPT", StringComparison.Ordinal) || name.StartsWith("CodeLlama", StringComparison.Ordinal) || name.StartsWith("Gemma", StringComparison.Ordinal);
    }

    private static string? Content(JsonPart? file, string field)
    {
        if (file is not { IsObject: true } part)
        {
            return null;
        }

        JsonPart value = part[field];
        value = value.IsObject ? value["content"] : value;
        return value.IsText ? value.Text() : null;
    }

    /// <summary>An id, or the first of a list of ids.</summary>
    private static int? Id(JsonPart? file, string field)
    {
        if (file is not { IsObject: true } part)
        {
            return null;
        }

        JsonPart value = part[field];
        value = value.IsArray ? value.Items().FirstOrDefault() : value;
        return value.IsNumber && value.Element.TryGetInt32(out int id) && id is >= 0 and <= Vocabulary.MaximumId ? id : null;
    }
}
