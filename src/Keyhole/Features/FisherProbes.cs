using System.Runtime.Intrinsics;

namespace Keyhole.Features;

/// <summary>Fisher's linear discriminant with the shrinkage of Ledoit and Wolf, for many questions about the same vectors.</summary>
/// <remarks>
/// Dimensions are brought to mean 0 and variance 1. With S the covariance of all n vectors and S* = r u I + (1 - r) S, u = tr S / D, and r the share that Ledoit and Wolf (2004, "A
/// well-conditioned estimator for large-dimensional covariance matrices") estimate, the direction is S*^-1 (mean of the yes - mean of the no): Fisher's (1936), as the covariance of all
/// differs from that within the classes along this difference alone. The threshold is halfway between the means. One n x n matrix is factorised however many questions there are, in
/// double precision, and sums have a fixed order: X^T (X X^T + c I)^-1 y with c = r u n / (1 - r).
/// </remarks>
internal sealed class FisherProbes
{
    private readonly double[][] _rows;      // standardised, [n][D]
    private readonly double[] _means;       // [D]
    private readonly double[] _scales;      // [D]
    private readonly double[][]? _factor;   // of X X^T + c I, lower, [n][..]; null where r is 1

    /// <param name="vectors">The vectors, at least one, all of one length.</param>
    public FisherProbes(IReadOnlyList<float[]> vectors)
    {
        int n = vectors.Count;
        int width = vectors[0].Length;
        _means = new double[width];
        _scales = new double[width];
        for (int d = 0; d < width; d++)
        {
            double sum = 0;
            double squares = 0;
            foreach (float[] vector in vectors)
            {
                sum += vector[d];
            }

            double mean = sum / n;
            foreach (float[] vector in vectors)
            {
                squares += (vector[d] - mean) * (vector[d] - mean);
            }

            (_means[d], _scales[d]) = (mean, squares > 0 ? Math.Sqrt(squares / n) : 1);
        }

        _rows = [.. vectors.Select(vector => Standardised(vector))];
        double[][] gram = [.. Enumerable.Range(0, n).Select(i => new double[i + 1])];
        double trace = 0;
        double squared = 0;      // of all entries
        double fourth = 0;       // sum of |x|^4
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                gram[i][j] = Dot(_rows[i], _rows[j]);
                squared += (i == j ? 1 : 2) * gram[i][j] * gram[i][j];
            }

            trace += gram[i][i];
            fourth += gram[i][i] * gram[i][i];
        }

        double scale = trace / n / width;
        double spread = (squared / n / n / width) - (scale * scale);
        double noise = (fourth - (squared / n)) / n / n / width;
        double share = spread > 0 ? Math.Clamp(noise / spread, 0, 1) : 1;
        if (share < 1)
        {
            double ridge = Math.Max(share * scale * n / (1 - share), 1e-9 * trace / n);
            for (int i = 0; i < n; i++)
            {
                gram[i][i] += ridge;
            }

            Factorise(gram);
            _factor = gram;
        }
    }

    /// <summary>The probe of a question.</summary>
    /// <param name="labels">The answer of each vector; both answers must be there.</param>
    public LinearProbe Fit(ReadOnlySpan<bool> labels)
    {
        double yes = 0;
        foreach (bool label in labels)
        {
            yes += label ? 1 : 0;
        }

        var weights = new double[labels.Length];   // so that X^T weights is the difference of the means
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = labels[i] ? 1 / yes : -1 / (labels.Length - yes);
        }

        double[] difference = (double[])weights.Clone();
        if (_factor is not null)
        {
            Solve(_factor, weights);
        }

        var direction = new double[_means.Length];
        var middle = new double[_means.Length];   // half the sum of the means of the classes, standardised
        for (int i = 0; i < weights.Length; i++)
        {
            for (int d = 0; d < direction.Length; d++)
            {
                direction[d] += weights[i] * _rows[i][d];
                middle[d] += Math.Abs(difference[i]) / 2 * _rows[i][d];
            }
        }

        double threshold = 0;
        for (int d = 0; d < direction.Length; d++)
        {
            threshold += direction[d] * middle[d];
            direction[d] /= _scales[d];
            threshold += direction[d] * _means[d];
        }

        return new LinearProbe(direction, threshold);
    }

    private double[] Standardised(float[] vector)
    {
        var row = new double[vector.Length];
        for (int d = 0; d < row.Length; d++)
        {
            row[d] = (vector[d] - _means[d]) / _scales[d];
        }

        return row;
    }

    // Cholesky's, row by row, in place.
    private static void Factorise(double[][] matrix)
    {
        for (int i = 0; i < matrix.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                matrix[i][j] = (matrix[i][j] - Dot(matrix[i].AsSpan(0, j), matrix[j].AsSpan(0, j))) / matrix[j][j];
            }

            matrix[i][i] = Math.Sqrt(matrix[i][i] - Dot(matrix[i].AsSpan(0, i), matrix[i].AsSpan(0, i)));
        }
    }

    private static void Solve(double[][] factor, double[] right)
    {
        for (int i = 0; i < right.Length; i++)
        {
            right[i] = (right[i] - Dot(factor[i].AsSpan(0, i), right.AsSpan(0, i))) / factor[i][i];
        }

        for (int i = right.Length - 1; i >= 0; i--)
        {
            right[i] /= factor[i][i];
            for (int j = 0; j < i; j++)
            {
                right[j] -= factor[i][j] * right[i];
            }
        }
    }

    // Eight lanes on every machine, joined in order.
    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        Vector512<double> lanes = Vector512<double>.Zero;
        int i = 0;
        for (; i <= left.Length - Vector512<double>.Count; i += Vector512<double>.Count)
        {
            lanes = Vector512.FusedMultiplyAdd(Vector512.Create(left.Slice(i, Vector512<double>.Count)), Vector512.Create(right.Slice(i, Vector512<double>.Count)), lanes);
        }

        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += lanes[lane];
        }

        for (; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }

        return sum;
    }
}
