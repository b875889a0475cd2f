using System.Collections.Immutable;
using Keyhole.Annotations;

namespace Keyhole.Patterns;

/// <summary>Names and kinds of the classes of patterns, and which decoys each is held against.</summary>
public static class PatternClasses
{
    private static readonly ImmutableArray<string> Names =
        ["last-token", "last-bigram", "token-at-distance", "n-gram", "word", "function-word", "last-affix", "last-form", "form-anywhere", "position", "unit-kind", "lexicon"];

    /// <summary>How many there are.</summary>
    internal static int Count => Names.Length;

    /// <summary>Those that the last token decides or nearly so: their decoys have other last tokens.</summary>
    internal static ClassSet Ends { get; } = ClassSet.Of(PatternClass.LastToken, PatternClass.LastAffix, PatternClass.LastForm);

    /// <summary>Those that are about lengths: their decoys have other lengths.</summary>
    internal static ClassSet Lengths { get; } = ClassSet.Of(PatternClass.Position);

    /// <summary>All others: their decoys have the same lengths and last tokens.</summary>
    internal static ClassSet Contents { get; } = ClassSet.All.Except(Ends).Except(Lengths);

    /// <summary>The name in tables and files, such as <c>last-bigram</c>.</summary>
    /// <param name="kind">The class.</param>
    public static string NameOf(PatternClass kind) => Names[(int)kind];

    /// <summary>Tokens, n-grams and words are shallow; function words, affixes, forms, positions and kinds of units syntactic; lexicons semantic (method, section 7).</summary>
    /// <param name="kind">The class.</param>
    public static PatternKind KindOf(PatternClass kind) => kind switch
    {
        PatternClass.LastToken or PatternClass.LastBigram or PatternClass.TokenAtDistance or PatternClass.NGram or PatternClass.Word => PatternKind.Shallow,
        PatternClass.Lexicon => PatternKind.Semantic,
        _ => PatternKind.Syntactic,
    };

    /// <exception cref="InvalidDataException">The text names none.</exception>
    internal static PatternClass Parse(string name)
    {
        int place = Names.IndexOf(name);
        return place >= 0 ? (PatternClass)place : throw new InvalidDataException($"'{name}' is no class of patterns");
    }
}
