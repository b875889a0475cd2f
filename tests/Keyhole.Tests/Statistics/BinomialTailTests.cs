using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public class BinomialTailTests
{
    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(25, 0.01)]
    [InlineData(25, 0.9)]
    [InlineData(64, 1e-6)]
    public void The_tail_is_the_sum_of_its_terms(int n, double p)
    {
        for (int k = 0; k <= n; k++)
        {
            double tail = 0;
            for (int j = n; j >= k; j--)
            {
                tail += Choose(n, j) * Math.Pow(p, j) * Math.Pow(1 - p, n - j);
            }

            if (tail > 1e-290)
            {
                Assert.Equal(-Math.Log10(tail), BinomialTail.NegativeLog10(k, n, p), 1e-9);
            }
        }
    }

    [Fact]
    public void What_is_far_below_the_smallest_number_has_a_logarithm()
        => Assert.Equal(-64 * Math.Log10(1e-12), BinomialTail.NegativeLog10(64, 64, 1e-12), 1e-9);

    private static double Choose(int n, int k)
    {
        double ways = 1;
        for (int i = 1; i <= k; i++)
        {
            ways = ways * (n - k + i) / i;
        }

        return ways;
    }
}
