using System.Globalization;
using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Mining.Nulls;

/// <summary>The study of a null: a study like that of the memories, beside it, over the same units by the same rules.</summary>
public static class NullStudy
{
    /// <summary>Option of the provenance of a null's study: which null it is of.</summary>
    internal const string Option = "null";

    /// <summary>Option of the provenance of the memories' study: which nulls were mined with it, separated by commas.</summary>
    internal const string BesideOption = "nulls";

    /// <summary>Option of the provenance of both: the seed of the random directions and rotations.</summary>
    internal const string SeedOption = "null-seed";

    /// <summary>Where the study of a null stands.</summary>
    /// <param name="study">The memories' study.</param>
    /// <param name="kind">The null.</param>
    public static string PathOf(string study, NullKind kind) => $"{study}.{NameOf(kind)}";

    /// <summary>The name of a null: <c>directions</c> or <c>rotations</c>.</summary>
    public static string NameOf(NullKind kind) => kind switch
    {
        NullKind.Directions => "directions",
        NullKind.Rotations => "rotations",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The null that a study is of; null for a study of memories.</summary>
    /// <param name="provenance">Where the study comes from.</param>
    /// <exception cref="InvalidDataException">The study names a null that is not known.</exception>
    public static NullKind? KindOf(StudyProvenance provenance)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        return provenance.Options.TryGetValue(Option, out string? name) ? Named(name, Option) : null;
    }

    /// <summary>The nulls that were mined with a study of memories, each in a study beside it.</summary>
    /// <exception cref="InvalidDataException">The study names a null that is not known.</exception>
    internal static IEnumerable<NullKind> Beside(StudyProvenance provenance)
        => provenance.Options.TryGetValue(BesideOption, out string? names) ? [.. names.Split(',').Select(name => Named(name, BesideOption)).Distinct().Order()] : [];

    /// <summary>What tells that a study is not the null that was mined with another, in words; null where it is. The machine and the times of the runs may differ.</summary>
    /// <param name="memories">The provenance of the memories' study.</param>
    /// <param name="beside">That of the null's.</param>
    /// <param name="kind">The null that it should be.</param>
    internal static string? Difference(StudyProvenance memories, StudyProvenance beside, NullKind kind)
    {
        SortedDictionary<string, string> expected = Rows(memories);
        expected.Add($"option.{Option}", NameOf(kind));
        return ProvenanceRows.FirstDifference(expected, Rows(beside)) is { } row ? $"{row.Key} is {ProvenanceRows.Quoted(row.Second)} there, and {ProvenanceRows.Quoted(row.First)} is expected" : null;
    }

    /// <summary>The null that a study is of; null for a study of memories.</summary>
    /// <exception cref="InputRefusedException">KH5105: the study names a null that is not known.</exception>
    public static NullKind? KindOf(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        try
        {
            return KindOf(study.Provenance);
        }
        catch (InvalidDataException cause)
        {
            throw Study.Damaged(study.FilePath, cause);
        }
    }

    /// <summary>The seed of the random directions and rotations.</summary>
    /// <exception cref="InvalidDataException">The provenance has none.</exception>
    internal static ulong SeedOf(StudyProvenance provenance)
        => provenance.Options.TryGetValue(SeedOption, out string? text) && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw new InvalidDataException($"provenance row 'option.{SeedOption}' is no number");

    /// <summary>Refuses a null's study where the model's own memories are needed.</summary>
    /// <exception cref="InputRefusedException">KH7503.</exception>
    internal static void RequireMemories(Study study)
    {
        if (study.Provenance.Options.TryGetValue(Option, out string? kind))
        {
            throw new InputRefusedException("KH7503", $"{study.FilePath}: this is the study of a null (random {kind}): its triggers are not those of the model's memories, so neither values nor runs of the model belong to them. Give the study of the memories{(study.Provenance.Run.Options.TryGetValue(StudyRun.NullOf, out string? memories) ? $", {memories}" : string.Empty)}.");
        }
    }

    private static NullKind Named(string name, string option)
        => Enum.GetValues<NullKind>().Cast<NullKind?>().FirstOrDefault(kind => NameOf(kind!.Value) == name)
            ?? throw new InvalidDataException($"provenance row 'option.{option}' is '{name}' where directions or rotations is expected");

    // What a null has as its memories' study does: all but what tells them apart.
    private static SortedDictionary<string, string> Rows(StudyProvenance provenance)
        => ProvenanceRows.Where(provenance, key => key is not ("model.path" or "model.gated" or "model.activation" or $"option.{BesideOption}") && !ProvenanceRows.IsOfRun(key));
}
