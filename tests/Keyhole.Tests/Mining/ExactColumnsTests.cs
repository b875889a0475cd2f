using System.Numerics;
using System.Runtime.Intrinsics;
using FsCheck;
using FsCheck.Fluent;
using Keyhole.Memories;
using Keyhole.Mining;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>Columns of exact sums against integers of any length.</summary>
public sealed class ExactColumnsTests
{
    private const int Columns = 32;

    // 1e-300 to 1e300 of both signs, pairs that cancel, zeros, and plain numbers.
    private static Gen<double> Values { get; } = Gen.OneOf(
        Gen.Choose(-300, 300).SelectMany(exponent => Gen.Choose(-999_999, 999_999).Select(digits => digits * 1e-6 * Math.Pow(10, exponent))),
        ArbMap.Default.GeneratorFor<int>().Select(value => value / 7.0),
        Gen.Elements(0.0, -0.0, 1.0, -1.0, double.Epsilon, -double.Epsilon, 1e300, -1e300, 9007199254740993.0, Math.BitIncrement(1.0)));

    [Fact]
    public void Any_order_and_grouping_gives_the_integer_sum()
    {
        Gen<(double[] Values, int Seed)> cases = Values.ArrayOf().SelectMany(values => Gen.Choose(0, int.MaxValue).Select(seed => (values, seed)));
        Prop.ForAll(Arb.From(cases), input =>
        {
            // Every value twice in one column and once negated in another, among other columns' values.
            double[] all = [.. input.Values, .. input.Values.Select(value => -value), .. input.Values];
            BigInteger expected = all.Aggregate(BigInteger.Zero, (sum, value) => sum + Multiple(value));
            var random = new Random(input.Seed);
            random.Shuffle(all);
            using var first = new ExactColumns(Columns);
            using var second = new ExactColumns(Columns);
            foreach (double value in all)
            {
                (random.Next(2) == 0 ? first : second).Add(16, Vector512.Create(value), Vector512.Create(value, 0, -value, 1, 0, 0, 0, value));
            }

            first.Add(second, 0, 32);
            foreach ((int column, BigInteger sum) in new[] { (16, expected), (23, expected), (24, expected), (26, -expected), (27, Multiple(1) * all.Length), (31, expected), (0, BigInteger.Zero) })
            {
                Assert.Equal(sum, Integer(first.Sum(column)));
            }

            first.Clear();
            Assert.Equal(ExactSum.Zero, first.Sum(16));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    // value / 2^-1074
    private static BigInteger Multiple(double value) => Integer(ExactSum.FromDouble(value));

    private static BigInteger Integer(ExactSum sum) => sum.Mantissa.IsZero ? BigInteger.Zero : sum.Mantissa << (sum.Exponent + 1074);
}
