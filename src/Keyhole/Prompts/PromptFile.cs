using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Keyhole.Engine;

namespace Keyhole.Prompts;

/// <summary>Reads prompts: JSON lines, or a relation file (one JSON object with <c>prompt_templates</c> and <c>samples</c>).</summary>
/// <remarks>
/// A line is an object with <c>prompt</c>, <c>answer</c>, <c>set</c>, and optionally <c>subject</c>, <c>competitors</c>, <c>associates</c>. Of a relation each
/// template, <c>{}</c> standing for the subject, makes a prompt of each sample; its set is <c>name</c>, or the file's own name.
/// </remarks>
public static class PromptFile
{
    private const string Resource = "prompts.jsonl";
    private const string Slot = "{}";

    /// <summary>The bundled prompts: simple relations, and phrases that a model of old novels may know.</summary>
    public static PromptSet Bundled()
    {
        using Stream stream = typeof(PromptFile).Assembly.GetManifestResourceStream(Resource)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Parse("bundled", bytes.ToArray());
    }

    /// <summary>Prompts of a file.</summary>
    /// <param name="path">JSONL or relation file.</param>
    /// <exception cref="InputRefusedException">KH5305: the file is missing, empty, or something in it is no prompt.</exception>
    public static PromptSet Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputRefusedException("KH5305", $"{path}: no such file. --prompts takes a JSONL file of prompt, answer and set, or a relation file.");
        }

        try
        {
            return Parse(path, File.ReadAllBytes(path));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH5305", $"{path}: cannot be read ({cause.Message.TrimEnd('.')}).", cause);
        }
    }

    private static PromptSet Parse(string name, byte[] bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes))
        {
            throw new InputRefusedException("KH5305", $"{name}: is not UTF-8; save it so.");
        }

        byte[] text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        PromptEntry[] entries = Relation(name, text) ?? Lines(name, text);
        return entries.Length > 0
            ? new PromptSet(entries, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
            [
                KeyValuePair.Create("prompts", name == "bundled" ? name : Path.GetFileName(name)),
                KeyValuePair.Create("prompts-sha256", Convert.ToHexStringLower(SHA256.HashData(bytes))),
                KeyValuePair.Create("n", entries.Length.ToString(CultureInfo.InvariantCulture)),
            ]))
            : throw new InputRefusedException("KH5305", $"{name}: holds no prompt; write one a line, such as {{\"prompt\": \"The capital of France is\", \"answer\": \"Paris\", \"set\": \"country-capital\"}}.");
    }

    // Null where the file is not one JSON object with templates: then it is taken for lines.
    private static PromptEntry[]? Relation(string name, byte[] bytes)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(bytes);
        }
        catch (JsonException)
        {
            return null;   // several lines are no document
        }

        using (json)
        {
            if (json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("prompt_templates", out _))
            {
                return null;
            }

            var relation = new PromptFields(json.RootElement, name);
            string set = relation.Optional("name") ?? Path.GetFileNameWithoutExtension(name);
            ImmutableArray<string> templates = relation.List("prompt_templates");
            string? odd = templates.FirstOrDefault(template => !template.Contains(Slot, StringComparison.Ordinal));
            if (templates.IsEmpty || odd is not null)
            {
                throw relation.Bad(odd is null ? "'prompt_templates' is empty" : $"the template '{odd}' has no {Slot} for the subject");
            }

            PromptFields[] samples = [.. relation.Objects("samples")];
            return [.. templates.SelectMany(template => samples.Select(sample => new PromptEntry
            {
                Set = set,
                Prompt = template.Replace(Slot, sample.Required("subject"), StringComparison.Ordinal),
                Answer = sample.Required("object"),
                Subject = sample.Required("subject"),
            }))];
        }
    }

    private static PromptEntry[] Lines(string name, byte[] bytes)
    {
        var entries = new List<PromptEntry>();
        int number = 0;
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            string at = string.Create(CultureInfo.InvariantCulture, $"{name}, line {number}");
            try
            {
                using JsonDocument json = JsonDocument.Parse(line);
                var fields = new PromptFields(json.RootElement, at);
                entries.Add(new PromptEntry
                {
                    Set = fields.Required("set"),
                    Prompt = fields.Required("prompt"),
                    Answer = fields.Required("answer"),
                    Subject = fields.Optional("subject"),
                    Competitors = fields.List("competitors"),
                    Associates = fields.List("associates"),
                });
            }
            catch (JsonException)
            {
                throw new InputRefusedException("KH5305", $"{at}: no JSON; expected an object with prompt, answer and set a line, or one relation with prompt_templates and samples.");
            }
        }

        return [.. entries];
    }
}
