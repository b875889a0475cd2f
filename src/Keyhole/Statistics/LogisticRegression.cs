namespace Keyhole.Statistics;

/// <summary>
/// Logistic regression with an L2 penalty: the w and b that minimise <c>|w|^2 / 2 + C * sum over rows of ln(1 + exp(-s (w . x + b)))</c>, s = 1 where the label holds and -1 where
/// not; b is free of the penalty (scikit-learn's objective). Strictly convex, so there is one answer, finite even where the classes can be separated.
/// </summary>
/// <remarks>
/// Newton's method (iteratively reweighted least squares) with a halved step where a full one does not descend. Columns are centred first: as b is free, that changes b
/// alone, by w . mean. Time: rows * columns^2 + columns^3 a step, some ten steps.
/// </remarks>
public static class LogisticRegression
{
    private const int MostSteps = 200;
    private const double ShortestStep = 1e-12;
    private const double Rounding = 1e-12;    // of the loss, relative: close to the end it is more than what a step gains
    private const double Converged = 1e-22;   // Newton's decrement, in parts of the loss

    /// <summary>Fits.</summary>
    /// <param name="x">Row by row, shape [rows, columns], finite.</param>
    /// <param name="rows">Things.</param>
    /// <param name="columns">Numbers that are known of each; may be 0.</param>
    /// <param name="y">The label of each row.</param>
    /// <param name="c">C, above 0: the inverse of the penalty's strength.</param>
    /// <returns>The fit; null where all labels are the same, or there are none: then no finite b is the best.</returns>
    /// <exception cref="ArgumentException">A length does not fit, a number is not finite, or C is not above 0.</exception>
    public static LogisticFit? Fit(ReadOnlySpan<double> x, int rows, int columns, ReadOnlySpan<bool> y, double c)
    {
        if (rows < 0 || columns < 0 || x.Length != (long)rows * columns || y.Length != rows)
        {
            throw new ArgumentException($"{x.Length} numbers and {y.Length} labels are not those of {rows} rows with {columns} columns.");
        }

        if (!(c > 0 && double.IsFinite(c)))
        {
            throw new ArgumentException($"C is {c}; it must be above 0.", nameof(c));
        }

        int positives = y.Count(true);
        if (positives == 0 || positives == rows)
        {
            return null;
        }

        double[] means = ColumnMeans(x, rows, columns);
        double[] design = Design(x, rows, columns, means);
        double[] weights = Minimise(design, y, columns, c, Math.Log((double)positives / (rows - positives)));
        double intercept = weights[columns];
        for (int column = 0; column < columns; column++)
        {
            intercept -= weights[column] * means[column];
        }

        return new LogisticFit(weights[..columns], intercept);
    }

    private static double[] ColumnMeans(ReadOnlySpan<double> x, int rows, int columns)
    {
        double[] means = new double[columns];
        for (int i = 0; i < x.Length; i++)
        {
            if (!double.IsFinite(x[i]))
            {
                throw new ArgumentException($"Row {i / columns} holds {x[i]}; a fit needs finite numbers.", nameof(x));
            }

            means[i % columns] += x[i] / rows;
        }

        return means;
    }

    // [rows, columns + 1]: the centred columns, then ones.
    private static double[] Design(ReadOnlySpan<double> x, int rows, int columns, double[] means)
    {
        double[] design = new double[rows * (columns + 1)];
        for (int row = 0; row < rows; row++)
        {
            Span<double> line = design.AsSpan(row * (columns + 1), columns + 1);
            for (int column = 0; column < columns; column++)
            {
                line[column] = x[(row * columns) + column] - means[column];
            }

            line[columns] = 1;
        }

        return design;
    }

    private static double[] Minimise(double[] design, ReadOnlySpan<bool> y, int columns, double c, double logOdds)
    {
        int size = columns + 1;
        double[] weights = new double[size];
        weights[columns] = logOdds;
        double loss = Loss(design, y, weights, c);
        for (int step = 0; step < MostSteps; step++)
        {
            (double[] gradient, double[,] hessian) = Derivatives(design, y, weights, c);
            double[] direction = CholeskySolve(hessian, gradient);
            double descent = Dot(gradient, direction);   // twice what a full step gains where the loss is a parabola
            double[] tried = new double[size];
            double next = double.NaN;
            for (double length = 1; length > ShortestStep && !(next <= loss - (length * 1e-4 * descent) + (Rounding * loss)); length /= 2)
            {
                for (int i = 0; i < size; i++)
                {
                    tried[i] = weights[i] - (length * direction[i]);
                }

                next = Loss(design, y, tried, c);
            }

            (weights, loss) = (tried, next);
            if (descent <= Converged * (1 + loss))
            {
                break;
            }
        }

        return weights;
    }

    private static double Loss(double[] design, ReadOnlySpan<bool> y, double[] weights, double c)
    {
        double loss = 0;
        for (int row = 0; row < y.Length; row++)
        {
            double margin = Dot(design.AsSpan(row * weights.Length, weights.Length), weights) * (y[row] ? 1 : -1);
            loss += Math.Max(0, -margin) + LogOnePlus.Of(Math.Exp(-Math.Abs(margin)));
        }

        loss *= c;
        for (int i = 0; i < weights.Length - 1; i++)
        {
            loss += weights[i] * weights[i] / 2;
        }

        return loss;
    }

    private static (double[] Gradient, double[,] Hessian) Derivatives(double[] design, ReadOnlySpan<bool> y, double[] weights, double c)
    {
        int size = weights.Length;
        double[] gradient = new double[size];
        double[,] hessian = new double[size, size];
        for (int row = 0; row < y.Length; row++)
        {
            ReadOnlySpan<double> line = design.AsSpan(row * size, size);
            double margin = Dot(line, weights);
            double p = 1 / (1 + Math.Exp(-margin));
            double error = y[row] ? -1 / (1 + Math.Exp(margin)) : p;   // p - y without a difference of near numbers
            double curvature = c * p / (1 + Math.Exp(margin));
            for (int i = 0; i < size; i++)
            {
                gradient[i] += c * error * line[i];
                double scaled = curvature * line[i];
                for (int j = 0; j <= i; j++)
                {
                    hessian[i, j] += scaled * line[j];
                }
            }
        }

        for (int i = 0; i < size - 1; i++)
        {
            gradient[i] += weights[i];
            hessian[i, i] += 1;
        }

        return (gradient, hessian);
    }

    // The solution of H s = g; only the lower half of H is read, and it is overwritten by its factor.
    private static double[] CholeskySolve(double[,] h, double[] g)
    {
        int size = g.Length;
        double[] solution = [.. g];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = h[i, j];
                for (int k = 0; k < j; k++)
                {
                    sum -= h[i, k] * h[j, k];
                }

                // Where every row is far on one side the free intercept's pivot may round to nothing; a small one makes a long step, which the line search cuts.
                h[i, j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-300)) : sum / h[j, j];
            }

            for (int k = 0; k < i; k++)
            {
                solution[i] -= h[i, k] * solution[k];
            }

            solution[i] /= h[i, i];
        }

        for (int i = size - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < size; k++)
            {
                solution[i] -= h[k, i] * solution[k];
            }

            solution[i] /= h[i, i];
        }

        return solution;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
