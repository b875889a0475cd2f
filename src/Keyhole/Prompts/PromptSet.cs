using System.Collections.Immutable;

namespace Keyhole.Prompts;

/// <summary>Prompts, and where they come from.</summary>
/// <param name="Entries">The prompts in order.</param>
/// <param name="Options">Options by name, to be kept with the results.</param>
public sealed record PromptSet(IReadOnlyList<PromptEntry> Entries, ImmutableSortedDictionary<string, string> Options)
{
    /// <summary>Prompts of files one after the other; the bundled ones where there is no file.</summary>
    /// <param name="paths">Files of prompts.</param>
    /// <exception cref="Engine.InputRefusedException">KH5305: a file cannot be used.</exception>
    public static PromptSet Of(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count <= 1)
        {
            return paths.Count == 0 ? PromptFile.Bundled() : PromptFile.Read(paths[0]);
        }

        PromptSet[] sets = [.. paths.Select(PromptFile.Read)];
        PromptEntry[] entries = [.. sets.SelectMany(set => set.Entries)];
        return new PromptSet(entries, sets[0].Options.ToImmutableDictionary().SetItems(sets[0].Options.Keys.Where(key => key != "n").Select(key => KeyValuePair.Create(key, string.Join(',', sets.Select(set => set.Options[key])))))
            .SetItem("n", entries.Length.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToImmutableSortedDictionary(StringComparer.Ordinal));
    }
}
