using System.Globalization;
using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Mutations;

/// <summary>Reads the mutations that a user has fixed; every refusal names the line.</summary>
internal static class MutationFile
{
    private const string Fields = "'layer', 'index', 'unit', 'position', 'random', of a mixture 'expert' and, where wanted, 'pole'";

    /// <exception cref="InputRefusedException">KH5221, KH5222 or KH5223.</exception>
    public static IReadOnlyList<PlannedMutation> Read(string path, Study study, int first)
    {
        var plan = new List<(int Line, PlannedMutation Mutation)>();
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(path))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                {
                    plan.Add((number, Parse(path, number, line, first)));
                }
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH5221", $"{path}: the mutations cannot be read ({cause.Message.TrimEnd('.')}); give a file of JSON lines with {Fields}.", cause);
        }

        if (plan.Count == 0)
        {
            throw new InputRefusedException("KH5221", $"{path}: there is no mutation in this file; give JSON lines with {Fields}.");
        }

        string?[] faults = new string?[number + 1];
        foreach ((int line, PlannedMutation mutation) in plan.OrderBy(one => one.Mutation.Unit))   // so that each block of units is unpacked once
        {
            faults[line] = Fault(mutation, study);
        }

        int refused = Array.FindIndex(faults, fault => fault is not null);
        return refused < 0 ? [.. plan.Select(one => one.Mutation)] : throw new InputRefusedException("KH5223", $"{path}, line {refused}: {faults[refused]}");
    }

    private static PlannedMutation Parse(string path, int number, string line, int first)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new PlannedMutation(new NeuronId(Integer("layer"), Integer("index"), root.TryGetProperty("expert", out _) ? Integer("expert") : -1), PoleOf(), Integer("unit"), Integer("position"), first, Integer("random"))
                : throw Refused("an object is expected");

            int Integer(string name)
            {
                if (!root.TryGetProperty(name, out JsonElement field))
                {
                    throw Refused($"'{name}' is missing");
                }

                return field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out int value) && value >= 0
                    ? value
                    : throw Refused($"'{name}' is {field.GetRawText()}, a whole number from 0 is expected");
            }

            Pole PoleOf() => !root.TryGetProperty("pole", out JsonElement field) ? Pole.Positive : (field.ValueKind == JsonValueKind.String ? field.GetString() : null) switch
            {
                "positive" => Pole.Positive,
                "negative" => Pole.Negative,
                _ => throw Refused($"'pole' is {field.GetRawText()}, \"positive\" or \"negative\" is expected"),
            };
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)   // the latter: escapes that are no text
        {
            throw Refused($"this is no JSON ({cause.Message.TrimEnd('.')})", cause);
        }

        InputRefusedException Refused(string why, Exception? cause = null)
            => new("KH5222", $"{path}, line {number}: {why}; write one object a line, with {Fields}.", cause);
    }

    private static string? Fault(in PlannedMutation mutation, Study study)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        ModelShape shape = study.Shape;
        (NeuronId id, Pole pole, int unit, int position, int first, int random) = mutation;
        if (!shape.Has(id))
        {
            string experts = shape.Experts > 0 ? string.Create(culture, $"{shape.Experts} experts of ") : string.Empty;
            return string.Create(culture, $"memory {id} is not in this model of {shape.Widths.Length} layers{(id.Layer < shape.Widths.Length ? $", of which layer {id.Layer} has {experts}{shape.Widths[id.Layer]} memories" : string.Empty)}; all count from 0.");
        }

        if (pole == Pole.Negative && !shape.Gated)
        {
            return "the pole is negative, but this model is not gated, so that its memories have the positive one alone; leave 'pole' out.";
        }

        if (study.UnitOrNull(unit) is not { } text)
        {
            return string.Create(culture, $"unit {unit} is not in the study; take it from the unit numbers of its export.");
        }

        if (position >= text.Tokens.Length)
        {
            return string.Create(culture, $"position {position} is not in unit {unit}, which has {text.Tokens.Length} tokens; positions count from 0, BOS included.");
        }

        if (position - first + 1 < TriggerSample.LeastTokens)
        {
            return string.Create(culture, $"the prefix that ends at position {position} is too short: at least {TriggerSample.LeastTokens} tokens besides BOS are needed, so that one is left; give position {first + TriggerSample.LeastTokens - 1} or a later one.");
        }

        return random < first || random > position
            ? string.Create(culture, $"'random' is {random}, a position of the prefix is expected: {first} to {position}.")
            : null;
    }
}
