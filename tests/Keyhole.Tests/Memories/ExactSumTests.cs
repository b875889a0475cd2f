using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Keyhole.Memories;
using Xunit;

namespace Keyhole.Tests.Memories;

public sealed class ExactSumTests
{
    [Fact]
    public void Any_order_and_grouping_gives_the_same_bytes_and_the_rational_sum()
    {
        Gen<double> finite = ArbMap.Default.GeneratorFor<ulong>().Select(bits => BitConverter.UInt64BitsToDouble(bits)).Where(double.IsFinite);
        Gen<double> plain = ArbMap.Default.GeneratorFor<NormalFloat>().Select(value => value.Get);
        Gen<(double[] Values, int Seed)> cases = Gen.OneOf(finite, plain).ArrayOf().SelectMany(values => Gen.Choose(0, int.MaxValue).Select(seed => (values, seed)));
        Prop.ForAll(Arb.From(cases), input =>
        {
            (double[] values, int seed) = input;
            ExactSum forward = Sum(values);
            double[] shuffled = [.. values];
            new Random(seed).Shuffle(shuffled);
            int cut = values.Length == 0 ? 0 : seed % values.Length;
            ExactSum grouped = Sum(shuffled[cut..]) + Sum(shuffled[..cut]);
            Assert.Equal(Bytes(forward), Bytes(grouped));
            Assert.Equal(forward, grouped);

            // The independent way: every double as an integer multiple of 2^-1074.
            BigInteger whole = BigInteger.Zero;
            foreach (double value in values)
            {
                whole += Multiple(value);
            }

            Assert.Equal(whole, forward.Mantissa.IsZero ? BigInteger.Zero : forward.Mantissa << (forward.Exponent + 1074));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Bytes_read_back()
    {
        foreach (double value in (double[])[0, 1, -1, 0.1, -0.1, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue, 3e-310, 1e300])
        {
            ExactSum sum = ExactSum.FromDouble(value);
            Assert.Equal(value, sum.ToDouble());
            Assert.Equal(sum, Read(Bytes(sum)));
        }

        ExactSum wide = Sum([double.MaxValue, double.Epsilon, 1]);
        Assert.Equal(wide, Read(Bytes(wide)));
    }

    [Fact]
    public void Is_canonical()
    {
        Assert.Equal(new ExactSum(3, 4), new ExactSum(48, 0));
        Assert.Equal(new ExactSum(0, 99), ExactSum.Zero);
        Assert.Equal(ExactSum.Zero, ExactSum.FromDouble(1.5) + ExactSum.FromDouble(-1.5));
        Assert.Equal(ExactSum.Zero, ExactSum.FromDouble(-0.0));
        Assert.Equal(new byte[] { 0, 0 }, Bytes(ExactSum.Zero));
    }

    [Fact]
    public void Rounds_to_the_nearest_double_ties_to_even()
    {
        double two53 = 9007199254740992;
        Assert.Equal(two53, Sum([two53, 1]).ToDouble());                                // tie, even below
        Assert.Equal(two53 + 4, Sum([two53, 3]).ToDouble());                            // tie, even above
        Assert.Equal(two53 + 2, Sum([two53, 1, double.Epsilon]).ToDouble());            // just above the tie
        Assert.Equal(two53, Sum([two53, 1, -double.Epsilon]).ToDouble());               // just below it
        Assert.Equal(-(two53 + 2), Sum([-two53, -1, -double.Epsilon]).ToDouble());
        Assert.Equal(0.30000000000000004, Sum([0.1, 0.2]).ToDouble());
        Assert.Equal(double.PositiveInfinity, Sum([double.MaxValue, double.MaxValue]).ToDouble());
        Assert.Equal(double.MaxValue, Sum([double.MaxValue, double.MaxValue, -double.MaxValue]).ToDouble());
        Assert.Equal(double.MaxValue, (ExactSum.FromDouble(double.MaxValue) + new ExactSum(1, 969)).ToDouble());          // under half a step
        Assert.Equal(double.PositiveInfinity, (ExactSum.FromDouble(double.MaxValue) + new ExactSum(1, 970)).ToDouble());  // half a step: even is beyond
        Assert.Equal(0.0, new ExactSum(1, -1075).ToDouble());                           // half of the smallest: even is zero
        Assert.Equal(double.Epsilon, new ExactSum(3, -1076).ToDouble());
        Assert.Equal(2 * double.Epsilon, new ExactSum(3, -1075).ToDouble());            // 1.5 of the smallest: even is 2
        Assert.Equal(0.0, new ExactSum(1, -5000).ToDouble());
    }

    [Fact]
    public void Agrees_with_the_frameworks_own_conversion_of_integers()
    {
        Random random = new(3);
        for (int i = 0; i < 2000; i++)
        {
            // A double parsed from exact decimal digits is correctly rounded: an independent path.
            byte[] bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            BigInteger integer = new(bytes);
            Assert.Equal(double.Parse(integer.ToString(System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture), new ExactSum(integer, 0).ToDouble());
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Refuses_what_has_no_value(double value) => Assert.Throws<ArgumentOutOfRangeException>(() => ExactSum.FromDouble(value));

    [Theory]
    [InlineData(new byte[] { 0, 1, 2 }, typeof(InvalidDataException))]         // even mantissa
    [InlineData(new byte[] { 0, 1, 0 }, typeof(InvalidDataException))]         // zero with a byte
    [InlineData(new byte[] { 2, 0 }, typeof(InvalidDataException))]            // zero with an exponent
    [InlineData(new byte[] { 0, 2, 1, 0 }, typeof(InvalidDataException))]      // a byte too many
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0x7F }, typeof(InvalidDataException))]
    [InlineData(new byte[] { 0, 5, 1 }, typeof(EndOfStreamException))]
    [InlineData(new byte[] { }, typeof(EndOfStreamException))]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, typeof(FormatException))]
    public void Refuses_bytes_that_are_no_sum(byte[] bytes, Type exception) => Assert.Throws(exception, () => Read(bytes));

    private static ExactSum Sum(IEnumerable<double> values) => values.Aggregate(ExactSum.Zero, (sum, value) => sum + ExactSum.FromDouble(value));

    private static BigInteger Multiple(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int field = (int)((bits >> 52) & 0x7FF);
        BigInteger magnitude = (bits & 0xFFFFFFFFFFFFF) + (field == 0 ? 0 : 1L << 52);
        return (bits < 0 ? -magnitude : magnitude) << Math.Max(0, field - 1);
    }

    private static byte[] Bytes(ExactSum sum)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        sum.WriteTo(writer);
        return stream.ToArray();
    }

    private static ExactSum Read(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes));
        return ExactSum.ReadFrom(reader);
    }
}
