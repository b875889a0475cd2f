using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Keyhole.Annotations;

/// <summary>How annotations are written in tables and lines.</summary>
internal static class AnnotationText
{
    private const string Time = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>A time in UTC to the millisecond.</summary>
    public static string Of(DateTime time) => time.ToString(Time, CultureInfo.InvariantCulture);

    /// <exception cref="FormatException">The text is no such time.</exception>
    public static DateTime ReadTime(string text)
        => DateTime.ParseExact(text, Time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    /// <summary>Now, as it is written.</summary>
    public static DateTime Now(TimeProvider clock) => ReadTime(Of(clock.GetUtcNow().UtcDateTime));

    /// <summary><c>shallow</c>, <c>syntactic</c> or <c>semantic</c>.</summary>
    public static string Of(PatternKind kind) => kind switch
    {
        PatternKind.Shallow => "shallow",
        PatternKind.Syntactic => "syntactic",
        _ => "semantic",
    };

    /// <exception cref="FormatException">The text is none of these.</exception>
    public static PatternKind ReadPatternKind(string text) => text switch
    {
        "shallow" => PatternKind.Shallow,
        "syntactic" => PatternKind.Syntactic,
        "semantic" => PatternKind.Semantic,
        _ => throw new FormatException($"'{text}' is no kind of pattern: shallow, syntactic or semantic is expected"),
    };

    /// <summary><c>true</c>, <c>random</c> or <c>mixed</c>.</summary>
    public static string Of(SheetKind kind) => kind switch
    {
        SheetKind.True => "true",
        SheetKind.Random => "random",
        _ => "mixed",
    };

    /// <exception cref="FormatException">The text is none of these.</exception>
    public static SheetKind ReadSheetKind(string text) => text switch
    {
        "true" => SheetKind.True,
        "random" => SheetKind.Random,
        "mixed" => SheetKind.Mixed,
        _ => throw new FormatException($"'{text}' is no kind of sheet: true, random or mixed is expected"),
    };

    /// <summary>Prefixes as <c>[[unit,position],...]</c>.</summary>
    public static string Of(ImmutableArray<SheetPrefix> prefixes)
        => $"[{string.Join(',', prefixes.Select(prefix => string.Create(CultureInfo.InvariantCulture, $"[{prefix.Unit},{prefix.Position}]")))}]";

    /// <exception cref="FormatException">The text is no such list.</exception>
    public static ImmutableArray<SheetPrefix> ReadPrefixes(string text)
        => [.. Read<int[][]>(text).Select(pair => pair is [>= 0, >= 0] ? new SheetPrefix(pair[0], pair[1]) : throw new FormatException("a prefix is no pair of a unit and a position"))];

    /// <summary>Places on a sheet as <c>[0,3,...]</c>.</summary>
    public static string Of(ImmutableArray<int> places) => $"[{string.Join(',', places)}]";

    /// <exception cref="FormatException">The text is no such list.</exception>
    public static ImmutableArray<int> ReadPlaces(string text) => [.. Read<int[]>(text)];

    private static T Read<T>(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json) ?? throw new FormatException("a list is null");
        }
        catch (JsonException wrong)
        {
            throw new FormatException("a list is not what it should be", wrong);
        }
    }
}
