using System.Globalization;
using Keyhole.Annotations;
using Keyhole.Patterns;

namespace Keyhole.Exports;

/// <summary>A pattern as one line for a terminal.</summary>
internal static class PatternLine
{
    /// <summary>Such as <c>ends in ' of the' (last-bigram, shallow; 20 of 25 prefixes, lift 56, q 0.0004)</c>.</summary>
    public static string Of(MemoryPatterns list, Pattern pattern) => string.Create(CultureInfo.InvariantCulture,
        $"{VisibleText.Of(pattern.Text)} ({PatternClasses.NameOf(pattern.Class)}, {AnnotationText.Of(pattern.Kind)}; {pattern.Ranks.Length} of {list.Prefixes} prefixes, lift {pattern.Lift:G3}, q {pattern.Q:G2})");
}
