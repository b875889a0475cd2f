using System.Collections.Immutable;

namespace Keyhole.Annotations;

/// <summary>What a prefix is to an annotator; the classes of the paper's figure 2, and syntactic apart.</summary>
public enum PrefixClass
{
    /// <summary>In no pattern that counts.</summary>
    NotCovered,

    /// <summary>In a shallow pattern and in no semantic one.</summary>
    Shallow,

    /// <summary>In a semantic pattern and in no shallow one.</summary>
    Semantic,

    /// <summary>In a shallow and in a semantic pattern.</summary>
    Both,

    /// <summary>In syntactic patterns alone.</summary>
    Syntactic,
}

/// <summary>An annotation as measures read it: only patterns with at least <see cref="AnnotationPattern.Least"/> prefixes count.</summary>
public sealed class SheetRating
{
    private SheetRating(Annotation annotation, Sheet sheet, ImmutableArray<PrefixClass> prefixes, PrefixClass kind, int patterns)
    {
        Annotation = annotation;
        Sheet = sheet;
        Prefixes = prefixes;
        Kind = kind;
        Patterns = patterns;
    }

    /// <summary>The annotation.</summary>
    public Annotation Annotation { get; }

    /// <summary>Its sheet.</summary>
    public Sheet Sheet { get; }

    /// <summary>The class of each prefix of the sheet.</summary>
    public ImmutableArray<PrefixClass> Prefixes { get; }

    /// <summary>The class of the sheet: of which kinds its patterns are; not covered where there is none.</summary>
    public PrefixClass Kind { get; }

    /// <summary>Patterns that count.</summary>
    public int Patterns { get; }

    /// <summary>Share of the prefixes that a pattern covers.</summary>
    public double Coverage => (double)Prefixes.Count(prefix => prefix != PrefixClass.NotCovered) / Prefixes.Length;

    /// <summary>Reads an annotation.</summary>
    /// <param name="annotation">The annotation.</param>
    /// <param name="sheet">Its sheet.</param>
    /// <exception cref="InvalidDataException">A pattern covers a prefix that the sheet does not have.</exception>
    internal static SheetRating Of(Annotation annotation, Sheet sheet)
    {
        Kinds[] prefixes = new Kinds[sheet.Prefixes.Length];
        Kinds all = default;
        AnnotationPattern[] patterns = [.. annotation.Patterns.Where(pattern => pattern.Counts)];
        foreach (AnnotationPattern pattern in patterns)
        {
            Kinds kind = (Kinds)(1 << (int)pattern.Kind);
            all |= kind;
            foreach (int place in pattern.Prefixes)
            {
                if ((uint)place >= (uint)prefixes.Length)
                {
                    throw new InvalidDataException($"a pattern covers prefix {place} of a sheet with {prefixes.Length}");
                }

                prefixes[place] |= kind;
            }
        }

        return new SheetRating(annotation, sheet, [.. prefixes.Select(ClassOf)], ClassOf(all), patterns.Length);
    }

    private static PrefixClass ClassOf(Kinds kinds) => (kinds & (Kinds.Shallow | Kinds.Semantic)) switch
    {
        Kinds.Shallow => PrefixClass.Shallow,
        Kinds.Semantic => PrefixClass.Semantic,
        Kinds.Shallow | Kinds.Semantic => PrefixClass.Both,
        _ => kinds == Kinds.Syntactic ? PrefixClass.Syntactic : PrefixClass.NotCovered,
    };

    [Flags]
    private enum Kinds
    {
        Shallow = 1 << PatternKind.Shallow,
        Syntactic = 1 << PatternKind.Syntactic,
        Semantic = 1 << PatternKind.Semantic,
    }
}
