using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Keyhole.Engine.Numerics;

/// <summary>Checks of kernel arguments: they name the argument, what was expected and what was given.</summary>
internal static class KernelArguments
{
    /// <summary>Requires a length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireLength(int expected, ReadOnlySpan<float> argument, [CallerArgumentExpression(nameof(argument))] string name = "")
    {
        if (argument.Length != expected)
        {
            ThrowLength(name, expected, argument.Length);
        }
    }

    /// <summary>Requires that source and destination are the same memory from the same start, or do not touch: a shifted overlap would read results as inputs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireSameOrApart(ReadOnlySpan<float> source, ReadOnlySpan<float> destination, [CallerArgumentExpression(nameof(source))] string name = "")
    {
        if (source.Overlaps(destination, out int offset) && offset != 0)
        {
            ThrowOverlap(name);
        }
    }

    [DoesNotReturn]
    private static void ThrowLength(string name, int expected, int got)
        => throw new ArgumentException(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}: expected {expected} elements, got {got}."), name);

    [DoesNotReturn]
    private static void ThrowOverlap(string name)
        => throw new ArgumentException($"{name} overlaps the destination with a shift; it must be the same span or separate memory.", name);
}
