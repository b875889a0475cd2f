namespace Keyhole.Statistics;

/// <summary>A fitted logistic regression: P(label) = 1 / (1 + exp(-(w . x + b))).</summary>
/// <param name="coefficients">w, one for each column.</param>
/// <param name="intercept">b.</param>
public sealed class LogisticFit(double[] coefficients, double intercept)
{
    /// <summary>w, one for each column.</summary>
    public IReadOnlyList<double> Coefficients { get; } = coefficients;

    /// <summary>b, which no penalty holds down.</summary>
    public double Intercept { get; } = intercept;

    /// <summary>The log-odds w . x + b; above 0 where the label is the likelier.</summary>
    /// <param name="row">x, as many numbers as there are coefficients.</param>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    public double LogOdds(ReadOnlySpan<double> row)
    {
        if (row.Length != coefficients.Length)
        {
            throw new ArgumentException($"A row has {row.Length} numbers; the fit has {coefficients.Length} coefficients.", nameof(row));
        }

        double sum = Intercept;
        for (int i = 0; i < row.Length; i++)
        {
            sum += coefficients[i] * row[i];
        }

        return sum;
    }
}
