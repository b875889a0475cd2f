namespace Keyhole.Statistics;

/// <summary>
/// Linear centred kernel alignment of two representations of the same things (Kornblith, Norouzi, Lee, Hinton 2019, "Similarity of Neural Network Representations Revisited"):
/// with columns centred, <c>|Y^T X|^2 / (|X^T X| |Y^T Y|)</c> in Frobenius norms. Between 0 and 1; the same after rotating either, or scaling it.
/// </summary>
public static class LinearCka
{
    /// <summary>The alignment; NaN where one side does not vary. The time grows with rows times the square of the columns.</summary>
    /// <param name="x">Row by row, shape [rows, xColumns], finite.</param>
    /// <param name="y">Row by row, shape [rows, yColumns], finite.</param>
    /// <param name="rows">Things.</param>
    /// <param name="xColumns">Numbers that the first representation has of each.</param>
    /// <param name="yColumns">Numbers that the second has.</param>
    /// <exception cref="ArgumentException">A length does not fit its shape.</exception>
    public static double Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int rows, int xColumns, int yColumns)
    {
        double[][] first = CentredColumns(x, rows, xColumns);
        double[][] second = CentredColumns(y, rows, yColumns);
        double denominator = Math.Sqrt(SquaredNorm(first, first)) * Math.Sqrt(SquaredNorm(second, second));
        return denominator == 0 ? double.NaN : SquaredNorm(second, first) / denominator;
    }

    // In units of the largest entry, which the alignment does not see: so fourth powers stay within the range of a double.
    private static double[][] CentredColumns(ReadOnlySpan<double> matrix, int rows, int columns)
    {
        if (rows < 0 || columns < 0 || matrix.Length != (long)rows * columns)
        {
            throw new ArgumentException($"{matrix.Length} numbers are not a matrix of shape [{rows}, {columns}].");
        }

        double[][] centred = new double[columns][];
        double largest = 0;
        for (int column = 0; column < columns; column++)
        {
            centred[column] = new double[rows];
            for (int row = 0; row < rows; row++)
            {
                centred[column][row] = matrix[(row * columns) + column];
            }

            largest = Math.Max(largest, Centre(centred[column]));
        }

        foreach (double[] column in centred)
        {
            for (int row = 0; row < rows && largest > 0; row++)
            {
                column[row] /= largest;
            }
        }

        return centred;
    }

    // Takes the mean away and returns the largest size left: exactly 0 where all are equal, whose mean may be rounded.
    private static double Centre(Span<double> column)
    {
        double mean = 0;
        bool varies = false;
        foreach (double value in column)
        {
            varies |= value != column[0];
            mean += value / column.Length;
        }

        double largest = 0;
        foreach (ref double value in column)
        {
            value = varies ? value - mean : 0;
            largest = Math.Max(largest, Math.Abs(value));
        }

        return largest;
    }

    private static double SquaredNorm(double[][] a, double[][] b)
    {
        double norm = 0;
        foreach (double[] left in a)
        {
            foreach (double[] right in b)
            {
                double product = 0;
                for (int row = 0; row < left.Length; row++)
                {
                    product += left[row] * right[row];
                }

                norm += product * product;
            }
        }

        return norm;
    }
}
