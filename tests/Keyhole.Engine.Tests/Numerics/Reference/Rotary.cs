namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Double-precision twin: rotation of complex numbers.</summary>
internal static class Rotary
{
    public static double[] ApplyHalf(ReadOnlySpan<float> headVector, ReadOnlySpan<double> angles)
        => Apply(headVector, angles, (i, half) => (i, i + half));

    public static double[] ApplyInterleaved(ReadOnlySpan<float> headVector, ReadOnlySpan<double> angles)
        => Apply(headVector, angles, (i, _) => (2 * i, (2 * i) + 1));

    private static double[] Apply(ReadOnlySpan<float> headVector, ReadOnlySpan<double> angles, Func<int, int, (int Real, int Imaginary)> pairOf)
    {
        double[] result = new double[headVector.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = headVector[i];
        }

        for (int i = 0; i < angles.Length; i++)
        {
            (int real, int imaginary) = pairOf(i, angles.Length);
            System.Numerics.Complex rotated = new System.Numerics.Complex(headVector[real], headVector[imaginary])
                * System.Numerics.Complex.FromPolarCoordinates(1, angles[i]);
            (result[real], result[imaginary]) = (rotated.Real, rotated.Imaginary);
        }

        return result;
    }
}
