using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Keyhole.Engine.Numerics;

/// <summary>The aliasing rule of element-by-element kernels.</summary>
internal static class Aliasing
{
    /// <summary>Requires that source and destination are the same memory from the same start, or do not touch: a shifted overlap would read results as inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireSameOrApart(ReadOnlySpan<float> source, ReadOnlySpan<float> destination, [CallerArgumentExpression(nameof(source))] string name = "")
    {
        if (source.Overlaps(destination, out int offset) && offset != 0)
        {
            Throw(name);
        }
    }

    [DoesNotReturn]
    private static void Throw(string name)
        => throw new ArgumentException($"{name} overlaps the destination with a shift; it must be the same span or separate memory.", name);
}
