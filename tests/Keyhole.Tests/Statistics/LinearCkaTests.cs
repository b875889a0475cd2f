using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class LinearCkaTests
{
    [Fact]
    public void Alignments_are_those_of_numpy()
    {
        JsonElement[] cases = GoldenStatistics.Cases("linear-cka.json");
        Assert.Equal(2, cases.Length);
        foreach (JsonElement one in cases)
        {
            (double[] x, int rows) = one.Matrix("x");
            (double[] y, _) = one.Matrix("y");
            Assert.Equal(one.GetProperty("value").GetDouble(), LinearCka.Of(x, y, rows, x.Length / rows, y.Length / rows), 1e-13);
        }
    }

    [Theory]
    [InlineData(30, 4, 7)]
    [InlineData(5, 9, 2)]
    [InlineData(2, 1, 1)]
    public void The_form_with_kernels_of_things_gives_the_same(int rows, int xColumns, int yColumns)
    {
        double[] x = Random(rows * xColumns, 1);
        double[] y = [.. Random(rows * yColumns, 2).Select((value, i) => value + x[i % x.Length])];
        Assert.Equal(ByKernels(x, y, rows, xColumns, yColumns), LinearCka.Of(x, y, rows, xColumns, yColumns), 1e-13);
    }

    [Fact]
    public void Offsets_scales_rotations_and_sides_do_not_matter()
    {
        double[] x = Random(20 * 2, 3);
        double[] y = Random(20 * 3, 4);
        double alignment = LinearCka.Of(x, y, 20, 2, 3);
        Assert.Equal(alignment, LinearCka.Of(y, x, 20, 3, 2), 1e-14);
        Assert.Equal(alignment, LinearCka.Of([.. x.Select((value, i) => (value * 1e200) + (i % 2))], [.. y.Select(value => value * -1e-150)], 20, 2, 3), 1e-12);
        Assert.Equal(alignment, LinearCka.Of([.. x.Select((value, i) => value + (1000 * (1 + (i % 2))))], y, 20, 2, 3), 1e-10);
        double[] turned = [.. Enumerable.Range(0, 20).SelectMany(row => new[] { (0.6 * x[2 * row]) - (0.8 * x[(2 * row) + 1]), (0.8 * x[2 * row]) + (0.6 * x[(2 * row) + 1]) })];
        Assert.Equal(alignment, LinearCka.Of(turned, y, 20, 2, 3), 1e-13);
        Assert.Equal(1, LinearCka.Of(x, x, 20, 2, 2), 1e-14);
    }

    [Fact]
    public void What_does_not_vary_aligns_with_nothing()
    {
        Assert.True(double.IsNaN(LinearCka.Of([0.1, 0.1, 0.1], [1, 2, 3], 3, 1, 1)));
        Assert.True(double.IsNaN(LinearCka.Of([1, 2], [1, 2], 1, 2, 2)));
        Assert.True(double.IsNaN(LinearCka.Of([], [], 0, 0, 0)));
        Assert.Throws<ArgumentException>(() => LinearCka.Of([1, 2, 3], [1, 2], 2, 2, 1));
    }

    private static double ByKernels(double[] x, double[] y, int rows, int xColumns, int yColumns)
    {
        double[,] k = CentredKernel(x, rows, xColumns);
        double[,] l = CentredKernel(y, rows, yColumns);
        double Product(double[,] a, double[,] b) => a.Cast<double>().Zip(b.Cast<double>(), (first, second) => first * second).Sum();
        return Product(k, l) / Math.Sqrt(Product(k, k) * Product(l, l));
    }

    // H X X^T H with H = 1 - 1/n.
    private static double[,] CentredKernel(double[] x, int rows, int columns)
    {
        double[,] kernel = new double[rows, rows];
        double Mean(int column) => Enumerable.Range(0, rows).Average(row => x[(row * columns) + column]);
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < rows; j++)
            {
                kernel[i, j] = Enumerable.Range(0, columns).Sum(column => (x[(i * columns) + column] - Mean(column)) * (x[(j * columns) + column] - Mean(column)));
            }
        }

        return kernel;
    }

    private static double[] Random(int n, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() - 0.5)];
    }
}
