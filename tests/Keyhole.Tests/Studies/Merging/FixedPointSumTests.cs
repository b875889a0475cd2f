using System.Numerics;
using Keyhole.Memories;
using Keyhole.Studies.Merging;
using Xunit;

namespace Keyhole.Tests.Studies.Merging;

public class FixedPointSumTests
{
    [Fact]
    public void Any_sums_add_up_as_big_numbers_do()
    {
        var sum = new FixedPointSum();
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            int range = random.Next(3) switch { 0 => 10, 1 => 200, _ => 8000 };
            ExactSum expected = default;
            sum.Clear();
            for (int i = 0; i < random.Next(1, 80); i++)
            {
                byte[] bytes = new byte[random.Next(0, 40)];
                random.NextBytes(bytes);
                var term = new ExactSum(new BigInteger(bytes), random.Next(-range, range));
                expected += term;
                Add(sum, term);
                if (random.Next(5) == 0)
                {
                    expected += new ExactSum(-term.Mantissa, term.Exponent);
                    Add(sum, new ExactSum(-term.Mantissa, term.Exponent));
                }
            }

            Assert.Equal(expected, sum.Sum());
        }
    }

    [Fact]
    public void The_longest_and_farthest_sums_fit()
    {
        var sum = new FixedPointSum();
        BigInteger longest = (BigInteger.One << ((8 * 1024) - 1)) - 1;
        ExactSum expected = default;
        foreach (ExactSum term in (ExactSum[])[new(longest, 8192), new(-longest, 8192), new(longest, -8192), new(-longest, 8192), new(BigInteger.MinusOne, 8192), new(BigInteger.One, -8192)])
        {
            expected += term;
            Add(sum, term);
            Assert.Equal(expected, sum.Sum());
        }
    }

    [Theory]
    [InlineData("0001")]        // ends early
    [InlineData("000102")]      // even
    [InlineData("0200")]        // zero with an exponent
    [InlineData("00020100")]    // a byte more than needed
    [InlineData("0002FFFF")]    // the same, below zero
    [InlineData("8280010101")]  // exponent 8,193
    public void Bytes_that_are_no_canonical_sum_are_refused(string hex)
        => Assert.Throws<InvalidDataException>(() =>
        {
            ReadOnlySpan<byte> bytes = Convert.FromHexString(hex);
            new FixedPointSum().Add(ref bytes);
        });

    private static void Add(FixedPointSum sum, ExactSum term)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        term.WriteTo(writer);
        writer.Write((byte)99);
        writer.Flush();
        ReadOnlySpan<byte> bytes = stream.ToArray();
        sum.Add(ref bytes);
        Assert.Equal([99], bytes.ToArray());
    }
}
