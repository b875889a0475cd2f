using System.Diagnostics.CodeAnalysis;

namespace Keyhole.Engine.Numerics;

/// <summary>Shape checks at the edges of kernels: they name the thing, what was expected and what was given.</summary>
internal static class Shape
{
    public static void Require(MatrixView matrix, string name, int rows, int columns)
    {
        if (matrix.Rows != rows || matrix.Columns != columns)
        {
            Throw(name, $"[{rows}, {columns}]", $"[{matrix.Rows}, {matrix.Columns}]");
        }
    }

    public static void Require(ReadOnlySpan<float> vector, string name, int length)
    {
        if (vector.Length != length)
        {
            Throw(name, $"[{length}]", $"[{vector.Length}]");
        }
    }

    [DoesNotReturn]
    private static void Throw(string name, string expected, string given)
        => throw new ArgumentException($"{name} has shape {given}, expected {expected}.");
}
