using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class LogisticRegressionTests
{
    [Fact]
    public void The_fit_is_that_of_scikit_learn()
    {
        JsonElement one = GoldenStatistics.Cases("logistic.json").Single();
        (double[] x, int rows) = one.Matrix("x");
        LogisticFit fit = LogisticRegression.Fit(x, rows, x.Length / rows, one.Labels("y"), c: 1)!;
        Assert.Equal(one.Numbers("coefficients"), fit.Coefficients, (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(one.GetProperty("intercept").GetDouble(), fit.Intercept, 1e-5);
    }

    [Theory]
    [InlineData(1, 50, 3, 1, 1)]
    [InlineData(2, 400, 10, 0.01, 1)]
    [InlineData(3, 30, 40, 1, 1)]        // more columns than rows: always separable
    [InlineData(4, 100, 2, 1e6, 1)]      // next to no penalty
    [InlineData(5, 100, 4, 1, 1e6)]      // large numbers
    [InlineData(6, 100, 4, 1, 1e-6)]
    [InlineData(7, 1000, 1, 1, 100)]
    public void The_gradient_is_zero_at_the_fit(int seed, int rows, int columns, double c, double scale)
    {
        (double[] x, bool[] y) = Random(seed, rows, columns, scale, offset: 3 * scale);
        LogisticFit fit = LogisticRegression.Fit(x, rows, columns, y, c)!;
        for (int column = 0; column <= columns; column++)
        {
            double gradient = column < columns ? fit.Coefficients[column] : 0;
            double size = Math.Abs(gradient);
            for (int row = 0; row < rows; row++)
            {
                double odds = fit.LogOdds(x.AsSpan(row * columns, columns));
                double term = c * ((1 / (1 + Math.Exp(-odds))) - (y[row] ? 1 : 0)) * (column < columns ? x[(row * columns) + column] : 1);
                gradient += term;
                size += Math.Abs(term);
            }

            Assert.True(Math.Abs(gradient) <= 1e-8 * size, $"column {column}: {gradient} of terms that add up to {size} in size");
        }
    }

    [Fact]
    public void Classes_that_can_be_separated_have_a_finite_fit_worked_by_hand()
    {
        // x = -1 without and 1 with the label: b = 0, and w solves w = 2 / (1 + e^w).
        LogisticFit fit = LogisticRegression.Fit([-1, 1], 2, 1, [false, true], c: 1)!;
        double w = fit.Coefficients[0];
        Assert.Equal(w, 2 / (1 + Math.Exp(w)), 1e-12);
        Assert.Equal(0, fit.Intercept, 1e-12);
        LogisticFit strong = LogisticRegression.Fit([-1, 1], 2, 1, [false, true], c: 1e12)!;
        Assert.Equal(1, strong.Coefficients[0] / (2e12 / (1 + Math.Exp(strong.Coefficients[0]))), 1e-6);
    }

    [Fact]
    public void Without_columns_or_with_constant_ones_the_intercept_is_the_log_odds()
    {
        bool[] y = [true, true, true, false];
        Assert.Equal(Math.Log(3), LogisticRegression.Fit([], 4, 0, y, 1)!.Intercept, 1e-12);
        LogisticFit constant = LogisticRegression.Fit([0.1, 0.1, 0.1, 0.1], 4, 1, y, 1)!;
        Assert.Equal(0, constant.Coefficients[0], 1e-12);
        Assert.Equal(Math.Log(3), constant.Intercept, 1e-12);
    }

    [Fact]
    public void An_offset_changes_the_intercept_alone_and_twin_columns_share()
    {
        (double[] x, bool[] y) = Random(8, 80, 1, 1, offset: 0);
        LogisticFit fit = LogisticRegression.Fit(x, 80, 1, y, 1)!;
        LogisticFit moved = LogisticRegression.Fit([.. x.Select(value => value + 1e6)], 80, 1, y, 1)!;
        Assert.Equal(fit.Coefficients[0], moved.Coefficients[0], 1e-8);
        Assert.Equal(fit.Intercept - (1e6 * moved.Coefficients[0]), moved.Intercept, 1e-3);
        LogisticFit twins = LogisticRegression.Fit([.. x.SelectMany(value => new[] { value, value })], 80, 2, y, 1)!;
        Assert.Equal(twins.Coefficients[0], twins.Coefficients[1], 1e-12);
    }

    [Fact]
    public void One_class_has_no_fit_and_what_cannot_be_fitted_is_refused()
    {
        Assert.Null(LogisticRegression.Fit([1, 2], 2, 1, [true, true], 1));
        Assert.Null(LogisticRegression.Fit([], 0, 3, [], 1));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([1, 2, 3], 2, 1, [true, false], 1));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([1, 2], 2, 1, [true], 1));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([1, double.NaN], 2, 1, [true, false], 1));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([1, 2], 2, 1, [true, false], 0));
        Assert.Throws<ArgumentException>(() => LogisticRegression.Fit([1, 2], 2, 1, [true, false], 1)!.LogOdds([1, 2]));
    }

    private static (double[] X, bool[] Y) Random(int seed, int rows, int columns, double scale, double offset)
    {
        var random = new Random(seed);
        double[] x = [.. Enumerable.Range(0, rows * columns).Select(_ => offset + (scale * (random.NextDouble() - 0.5)))];
        bool[] y = [.. Enumerable.Range(0, rows).Select(row => (x[row * columns] - offset) / scale > 0.5 * (random.NextDouble() - 0.5))];
        (y[0], y[1]) = (true, false);
        return (x, y);
    }
}
